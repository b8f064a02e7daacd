import type { ActionDefinition } from '../definition.ts';
import { onAddress } from './addressed.ts';
import { address } from './form.ts';

export const rewriteRecipient: ActionDefinition = {
  name: 'rewrite_recipient',
  doc: 'Replaces the recipient (at `data_post`, all recipients). The new address needs a grant too; 451 if it is invalid.',
  hooks: ['rcpt', 'data_post'],
  argument: address,
  bare: false,
  compile: onAddress('rewrite_recipient'),
  examples: [
    {
      on: 'rcpt',
      written: { rewrite_recipient: '${recipient.local}@new.example' },
      given: { 'recipient.address': 'a@old.example' },
      decides: { effects: [{ effect: 'rewrite_recipient', address: 'a@new.example' }] },
    },
  ],
};
