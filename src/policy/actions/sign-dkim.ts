import type { ActionDefinition } from '../definition.ts';
import { sitePath } from '../forms/forms.ts';
import { normalDomain } from '../mailbox.ts';
import { textAt } from './argument.ts';

const LABEL: string = '[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?';

/** What a template may come to as `d=`: two labels at least (RFC 6376 3.5). */
const DOMAIN = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)+$/;

const signingDomain = (text: string): string => {
  const domain = normalDomain(text);
  if (!DOMAIN.test(domain)) throw new Error(`sign_dkim would sign as ${JSON.stringify(text)}, which is not a domain`);
  return domain;
};

export const signDkim: ActionDefinition = {
  name: 'sign_dkim',
  doc: 'Signs the message with DKIM (RFC 6376), after all edits. Keys are read when the policy loads; a missing key gives 451.',
  hooks: ['queue'],
  argument: {
    type: 'object',
    properties: {
      domain: {
        type: 'string',
        pattern: '^[^\\s@/.]+(?:\\.[^\\s@/.]+)+$',
        description: 'The signing domain, `d=`; `${fact}` is expanded',
      },
      selector: { type: 'string', pattern: `^${LABEL}(?:\\.${LABEL})*$`, description: 'The selector, `s=`' },
      key: { ...sitePath, description: 'File with the private key (PEM, RSA or Ed25519), relative to the site; `${fact}` is expanded' },
    },
    required: ['domain', 'selector', 'key'],
    additionalProperties: false,
    description: '`{domain, selector, key}`',
  },
  bare: false,
  compile: (argument, { template }) => {
    const domain = template(textAt(argument, 'domain'));
    const selector = textAt(argument, 'selector');
    const key = template(textAt(argument, 'key'));
    return { does: 'effect', make: (facts) => ({ effect: 'sign_dkim', domain: signingDomain(domain(facts)), selector, key: key(facts) }) };
  },
  examples: [
    {
      on: 'queue',
      written: { sign_dkim: { domain: 'Example.com', selector: 's1', key: 'config/dkim/s1.pem' } },
      given: {},
      decides: { effects: [{ effect: 'sign_dkim', domain: 'example.com', selector: 's1', key: 'config/dkim/s1.pem' }] },
    },
    {
      on: 'queue',
      written: { sign_dkim: { domain: '${from.domain}', selector: 's1', key: 'config/dkim/${from.domain}.pem' } },
      given: { 'from.domain': 'example.com' },
      decides: { effects: [{ effect: 'sign_dkim', domain: 'example.com', selector: 's1', key: 'config/dkim/example.com.pem' }] },
    },
  ],
};
