import type { ActionDefinition } from '../definition.ts';
import { MESSAGE_HOOKS } from '../hook.ts';
import { isObject } from '../json.ts';
import { textAt } from './argument.ts';
import { line } from './form.ts';

export const quarantine: ActionDefinition = {
  name: 'quarantine',
  doc: 'Replies 250 and quarantines the message until an operator releases or deletes it. Ends the hook.',
  hooks: MESSAGE_HOOKS,
  argument: {
    type: 'object',
    properties: { reason: { ...line, description: 'Why, for `relayctl queue quarantine`; `${fact}` is expanded' } },
    additionalProperties: false,
    description: '`{reason}`',
  },
  bare: true,
  compile: (argument, { template, rule }) => {
    const written = isObject(argument) && argument.reason !== undefined;
    const reason = template(written ? textAt(argument, 'reason') : rule);
    return { does: 'verdict', verdict: 'quarantine', make: (facts) => ({ verdict: 'quarantine', reason: reason(facts) }) };
  },
  examples: [
    {
      on: 'data_post',
      written: { quarantine: { reason: 'score ${score}' } },
      given: { score: 9 },
      decides: { verdict: 'quarantine', reason: 'score 9' },
    },
  ],
};
