import type { ActionDefinition } from '../definition.ts';
import { onAddress } from './addressed.ts';
import { address } from './form.ts';

export const rewriteSender: ActionDefinition = {
  name: 'rewrite_sender',
  doc: 'Replaces the envelope sender; 451 if the address is invalid.',
  hooks: ['mail', 'rcpt', 'data_post'],
  argument: address,
  bare: false,
  compile: onAddress('rewrite_sender'),
  examples: [
    {
      on: 'mail',
      written: { rewrite_sender: 'bounces+${sender.local}@example.com' },
      given: { 'sender.address': 'a@example.net' },
      decides: { effects: [{ effect: 'rewrite_sender', address: 'bounces+a@example.com' }] },
    },
  ],
};
