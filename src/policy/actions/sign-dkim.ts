import type { ActionDefinition } from '../definition.ts';
import { normalDomain } from '../mailbox.ts';
import { sitePath } from '../schema/forms.ts';
import { textAt } from './argument.ts';

const label: string = '[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?';

export const signDkim: ActionDefinition = {
  name: 'sign_dkim',
  doc: 'Signs the message with DKIM (RFC 6376), after all edits.',
  hooks: ['queue'],
  argument: {
    type: 'object',
    properties: {
      domain: { type: 'string', pattern: '^[^\\s@/.]+(?:\\.[^\\s@/.]+)+$', description: 'The signing domain, `d=`' },
      selector: { type: 'string', pattern: `^${label}(?:\\.${label})*$`, description: 'The selector, `s=`' },
      key: { ...sitePath, description: 'File with the private key (PEM), relative to the site' },
    },
    required: ['domain', 'selector', 'key'],
    additionalProperties: false,
    description: '`{domain, selector, key}`',
  },
  bare: false,
  compile: (argument) => {
    const domain = normalDomain(textAt(argument, 'domain'));
    const selector = textAt(argument, 'selector');
    const key = textAt(argument, 'key');
    return { does: 'effect', make: () => ({ effect: 'sign_dkim', domain, selector, key }) };
  },
  examples: [
    {
      on: 'queue',
      written: { sign_dkim: { domain: 'Example.com', selector: 's1', key: 'config/dkim/s1.pem' } },
      given: {},
      decides: { effects: [{ effect: 'sign_dkim', domain: 'example.com', selector: 's1', key: 'config/dkim/s1.pem' }] },
    },
  ],
};
