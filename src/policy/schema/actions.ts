import { actions } from '../actions/index.ts';
import type { ActionDefinition } from '../definition.ts';
import { choose, ref } from '../forms/refs.ts';
import type { JsonSchema } from '../json.ts';
import { forEditors, whereAllowed } from './where.ts';

const mapping = (allowed: readonly ActionDefinition[], schemaOf: (action: ActionDefinition) => JsonSchema): JsonSchema => ({
  type: 'object',
  description: 'Actions: effects first, in the order written, then the verdict',
  properties: Object.fromEntries(allowed.map((action) => [action.name, schemaOf(action)])),
  additionalProperties: false,
  minProperties: 1,
});

/** What stands behind the name of an action. */
export const argumentOf = (action: ActionDefinition): JsonSchema => {
  const description = docOf(action.doc, action.argument);
  return { ...action.argument, description, ...forEditors(description, whereAllowed(action)) };
};

const docOf = (doc: string, argument: JsonSchema): string =>
  typeof argument.description === 'string' ? `${doc} ${argument.description}` : doc;

/** `definitions` for a `then:` with these actions, under names with this ending: a name alone, a mapping, or a list of either. */
export const outcomeDefinitions = (
  allowed: readonly ActionDefinition[],
  ending: string,
  schemaOf = argumentOf,
): Readonly<Record<string, JsonSchema>> => {
  const bare = allowed.filter((action) => action.bare).map((action) => action.name);
  const name: JsonSchema = { enum: bare, description: 'An action that needs no argument' };
  const step = bare.length === 0 ? ref(`actions${ending}`) : choose({ type: 'string' }, name, ref(`actions${ending}`));
  return {
    [`actions${ending}`]: mapping(allowed, schemaOf),
    [`step${ending}`]: step,
    [`outcome${ending}`]: {
      description: 'What the rule does when it holds',
      ...choose({ type: 'array' }, { items: ref(`step${ending}`), minItems: 1 }, ref(`step${ending}`)),
    },
  };
};

/** `definitions` for `then:`. Which hook an action may stand at is for lint to say. */
export const actionDefinitions = (): Readonly<Record<string, JsonSchema>> => outcomeDefinitions([...actions.values()], '');
