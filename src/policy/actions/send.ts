import type { ActionDefinition } from '../definition.ts';
import { HOOKS } from '../hook.ts';
import { addressed, addressesOf, addressOf } from './addressed.ts';
import { mapping, textAt, texts } from './argument.ts';
import { address, addresses, line } from './form.ts';

export const send: ActionDefinition = {
  name: 'send',
  doc: 'Queues a new message. It says that it was generated (RFC 3834), its number is limited, and inbound hooks do not run for it.',
  hooks: HOOKS,
  argument: {
    type: 'object',
    properties: {
      to: { ...addresses, description: 'Its recipients; `${fact}` is filled in' },
      from: { ...address, description: 'Its author; `${fact}` is filled in' },
      subject: { ...line, description: 'Its subject; `${fact}` is filled in' },
      text: { ...line, description: 'Its text; `${fact}` is filled in' },
    },
    required: ['to', 'from', 'subject', 'text'],
    additionalProperties: false,
    description: '`{to, from, subject, text}`',
  },
  bare: false,
  compile: (argument, { template, exact }) => {
    const to = texts(mapping(argument).to ?? null).map(exact);
    const from = exact(textAt(argument, 'from'));
    const subject = template(textAt(argument, 'subject'));
    // The lines of the text stay lines; only what facts bring along is kept on one.
    const lines = textAt(argument, 'text').split(/\r?\n/).map(template);
    return {
      does: 'effect',
      make: (facts) =>
        addressed('send', addressesOf(to, facts), (recipients) =>
          addressed('send', addressOf(from, facts), (author) => ({
            effect: 'send',
            to: recipients,
            from: author,
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
