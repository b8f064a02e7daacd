import type { ActionDefinition } from '../definition.ts';
import { HOOKS } from '../hook.ts';
import { addressed, producedFrom, writtenAddress } from './addressed.ts';
import { mapping, textAt, texts } from './argument.ts';
import { address, addresses, line } from './form.ts';

export const send: ActionDefinition = {
  name: 'send',
  doc: 'Queues a new message, marked as auto-generated (RFC 3834) and rate-limited; inbound hooks do not run for it. An address in `to` or `from` that is built from a template needs a grant, as at RCPT: without one, nothing is sent to or from it, and the log says so.',
  hooks: HOOKS,
  argument: {
    type: 'object',
    properties: {
      to: { ...addresses, description: 'Its recipients; `${fact}` is expanded' },
      from: { ...address, description: 'Its From address; `${fact}` is expanded' },
      subject: { ...line, description: 'Its subject; `${fact}` is expanded' },
      text: { ...line, description: 'Its text; `${fact}` is expanded' },
    },
    required: ['to', 'from', 'subject', 'text'],
    additionalProperties: false,
    description: '`{to, from, subject, text}`',
  },
  bare: false,
  compile: (argument, context) => {
    const { template } = context;
    const to = texts(mapping(argument).to ?? null).map((text) => writtenAddress(text, context, ['to']));
    const from = writtenAddress(textAt(argument, 'from'), context, ['from']);
    const subject = template(textAt(argument, 'subject'));
    // The lines of the text stay lines; only what facts bring along is kept on one.
    const lines = textAt(argument, 'text').split(/\r?\n/).map(template);
    return {
      does: 'effect',
      make: (facts) =>
        addressed('send', producedFrom(to, facts), ({ addresses: recipients, literals }) =>
          addressed('send', from.make(facts), (author) => ({
            effect: 'send',
            to: recipients,
            literals,
            from: author,
            fromLiteral: from.isLiteral,
            subject: subject(facts),
            text: lines.map((one) => one(facts)).join('\n'),
          })),
        ),
    };
  },
  examples: [
    {
      on: 'data_post',
      written: { send: { to: 'postmaster@example.com', from: 'relay@example.com', subject: 'Held: ${sender.address}', text: 'One\nTwo' } },
      given: { 'sender.address': 'a@example.net' },
      decides: {
        effects: [
          { effect: 'send', to: ['postmaster@example.com'], from: 'relay@example.com', subject: 'Held: a@example.net', text: 'One\nTwo' },
        ],
      },
    },
  ],
};
