import { actions } from '../actions/index.ts';
import type { ActionDefinition } from '../definition.ts';
import { choose, ref } from '../forms/refs.ts';
import type { JsonSchema } from '../json.ts';
import { forEditors, whereAllowed } from './where.ts';

const bareNames = (): readonly string[] => [...actions.values()].filter((action) => action.bare).map((action) => action.name);

const mapping = (): JsonSchema => ({
  type: 'object',
  description: 'Actions: effects first, in the order written, then the verdict',
  properties: Object.fromEntries([...actions.values()].map((action) => [action.name, argumentOf(action)])),
  additionalProperties: false,
  minProperties: 1,
});

const argumentOf = (action: ActionDefinition): JsonSchema => {
  const description = docOf(action.doc, action.argument);
  return { ...action.argument, description, ...forEditors(description, whereAllowed(action)) };
};

const docOf = (doc: string, argument: JsonSchema): string =>
  typeof argument.description === 'string' ? `${doc} ${argument.description}` : doc;

/** `definitions` for `then:`: a name alone, a mapping, or a list of either. Which hook an action may stand at is for lint to say. */
export const actionDefinitions = (): Readonly<Record<string, JsonSchema>> => {
  const name: JsonSchema = { enum: bareNames(), description: 'An action that needs no argument' };
  const step = choose({ type: 'string' }, name, ref('actions'));
  return {
    actions: mapping(),
    step,
    outcome: {
      description: 'What the rule does when it holds',
      ...choose({ type: 'array' }, { items: ref('step'), minItems: 1 }, ref('step')),
    },
  };
};
