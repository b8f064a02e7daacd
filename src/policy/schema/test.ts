import { HOOKS } from '../hook.ts';
import type { JsonSchema } from '../json.ts';
import { factProperties } from './conditions.ts';
import { oneOrMany, sitePath } from './forms.ts';

const VERDICTS = ['none', 'accept', 'reject', 'defer', 'discard', 'quarantine', 'disconnect'];

/** A value as a session would have it, `unknown` or `absent`. */
const givenFact = (doc: string): JsonSchema => ({
  type: ['string', 'number', 'boolean', 'array'],
  items: { type: ['string', 'number', 'boolean', 'object'] },
  description: `${doc} A value, \`unknown\` or \`absent\`.`,
});

/** What counts is given by its answer: has the share been used up, must the key still wait. */
const counted = (doc: string): JsonSchema => ({ enum: [true, false, 'unknown'], description: doc });

function given(): JsonSchema {
  const { properties, patternProperties } = factProperties((fact) => givenFact(fact.doc));
  return {
    type: 'object',
    description: 'The session: facts and their values. A look-up that is not given has found what is normal, as its fact says',
    properties: properties ?? {},
    patternProperties: {
      ...(typeof patternProperties === 'object' ? patternProperties : {}),
      '^limit\\.\\S+$': counted('Whether the limit of the rule of that full name is used up.'),
      '^greylist\\.\\S+$': counted('Whether the rule of that full name still lets the key wait.'),
    },
    additionalProperties: false,
  };
}

const names = oneOrMany({ type: 'string', minLength: 1 });

const expectation: JsonSchema = {
  type: 'object',
  description: 'What is expected; what is not named may be anything',
  properties: {
    at: { enum: [...HOOKS], description: 'Hook at which the session is decided' },
    verdict: { enum: VERDICTS, description: 'The verdict' },
    code: { type: 'integer', minimum: 200, maximum: 599, description: 'Code of the reply' },
    enhanced: { type: 'string', pattern: '^[245]\\.\\d{1,3}\\.\\d{1,3}$', description: 'Enhanced status code of the reply, `5.7.1`' },
    text: { type: 'string', description: 'Part of the text of the reply' },
    by: { type: 'string', description: 'The rule that decided: an id of this file, a full name, or `grants`' },
    route: { type: 'string', description: 'Target of the route' },
    tag: { ...names, description: 'Tags that must have been given' },
    score: { type: 'number', description: 'The score at the end' },
    added: { ...names, description: 'Names of header fields added or replaced' },
    removed: { ...names, description: 'Names of header fields removed' },
  },
  patternProperties: {
    '^result\\.[A-Za-z0-9][A-Za-z0-9_-]*$': { type: ['string', 'number', 'boolean'], description: 'A result some rule has set' },
  },
  additionalProperties: false,
  minProperties: 1,
};

/** One test beside the rules. */
export const testSchema = (): JsonSchema => ({
  type: 'object',
  description: 'A test: a session and what must become of it',
  properties: {
    name: { type: 'string', minLength: 1, description: 'What is shown, in words' },
    given: given(),
    message: {
      ...sitePath,
      description: 'File with the message, relative to the site. Without one, a plain message whose From is the envelope sender',
    },
    expect: expectation,
  },
  required: ['name', 'given', 'expect'],
  additionalProperties: false,
});
