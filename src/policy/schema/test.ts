import { MEMBER_PATTERN } from '../facts/find.ts';
import { oneOrMany, sitePath } from '../forms/forms.ts';
import { GIVEN_COUNT } from '../forms/given-count.ts';
import { ref } from '../forms/refs.ts';
import { HOOKS } from '../hook.ts';
import type { JsonSchema } from '../json.ts';
import { DURATION_PATTERN } from '../quantity.ts';
import { factProperties } from './conditions.ts';

const SESSION = 'The session: facts and their values. A look-up that is not given takes the normal value documented for its fact';
const EXPECTED = 'Expected result; anything not named is not checked';

const VERDICTS = ['none', 'accept', 'reject', 'defer', 'discard', 'quarantine', 'disconnect'];

/** A value as a session would have it, `unknown` or `absent`. */
const givenFact = (doc: string): JsonSchema => ({
  type: ['string', 'number', 'boolean', 'array'],
  items: { type: ['string', 'number', 'boolean', 'object'] },
  description: `${doc} A value, \`unknown\` or \`absent\`.`,
});

/** What counts is given by its answer: has the share been used up, must the key still wait. */
const counted = (kind: string, doc: string): JsonSchema => ({
  title: `${kind}.<rule id>`,
  enum: [true, false, 'unknown'],
  description: doc,
});

/** `given:` of a test. */
export const givenSchema = (): JsonSchema => {
  const { properties, patternProperties } = factProperties((fact) => givenFact(fact.doc));
  return {
    type: 'object',
    description: SESSION,
    properties: properties ?? {},
    patternProperties: {
      ...(typeof patternProperties === 'object' ? patternProperties : {}),
      [GIVEN_COUNT]: counted('limit', 'Whether the rule (its id, or its full name) is over its `limit`'),
      '^greylist\\.\\S+$': counted('greylist', 'Whether the rule (its id, or its full name) still defers the key'),
    },
    additionalProperties: false,
  };
};

const duration: JsonSchema = { type: 'string', pattern: `${DURATION_PATTERN}|^absent$` };

const names = oneOrMany({ type: 'string', minLength: 1 });

/** `expect:` of a test. */
export const expectation: JsonSchema = {
  type: 'object',
  description: EXPECTED,
  properties: {
    at: {
      enum: [...HOOKS],
      description:
        'Hook whose decision is checked. Left out: the hook that refused the session, or else the last one before delivery, `queue`',
    },
    verdict: { enum: VERDICTS, description: 'Expected verdict' },
    code: { type: 'integer', minimum: 200, maximum: 599, description: 'Reply code' },
    enhanced: { type: 'string', pattern: '^[245]\\.\\d{1,3}\\.\\d{1,3}$', description: 'Enhanced status code of the reply, `5.7.1`' },
    text: { type: 'string', description: 'Part of the reply text, or of the quarantine reason' },
    by: { type: 'string', description: 'The rule that decided: an id of this file, a full name, or `grants`' },
    route: { type: 'string', description: 'Target of the route' },
    tls: {
      enum: ['none', 'opportunistic', 'required', 'verify', 'absent'],
      description: 'TLS setting of the route; `absent` if it has none',
    },
    tag: { ...names, description: 'Tags that must have been added' },
    score: { type: 'number', description: 'The score at the end' },
    added: { ...names, description: 'Names of header fields added or replaced' },
    disconnect: { type: 'boolean', description: 'Whether the connection is closed with the reply' },
    recipients: { ...names, description: 'The exact final recipients, including rewritten and added ones' },
    refused: { ...names, description: 'The exact recipients rejected at RCPT, as the client wrote them; all others were accepted' },
    sender: { type: 'string', description: 'The final envelope sender; `absent` for the null sender' },
    signed: {
      type: ['string', 'object'],
      properties: {
        domain: { type: 'string', description: 'The signing domain, `d=`' },
        selector: { type: 'string', description: 'The selector, `s=`' },
      },
      required: ['domain'],
      additionalProperties: false,
      description: 'A DKIM signature added to the message: its domain, or `{domain, selector}`; `absent` for none',
    },
    hold: { ...duration, description: 'How long the next attempt is delayed; `absent` if it is not' },
    dsn: { enum: ['never', 'headers', 'full', 'absent'], description: 'DSN content set by a rule; `absent` if no rule sets it' },
    removed: { ...names, description: 'Names of header fields removed' },
  },
  patternProperties: {
    [`^header\\.${MEMBER_PATTERN}$`]: {
      title: 'header.<name>',
      type: ['string', 'number', 'array'],
      items: { type: ['string', 'number'] },
      description: 'All final values of the header field, in order; `absent` for none',
    },
    '^result\\.[A-Za-z0-9][A-Za-z0-9_-]*$': {
      title: 'result.<name>',
      type: ['string', 'number', 'boolean'],
      description: 'A result set by a rule',
    },
  },
  additionalProperties: false,
  minProperties: 1,
};

const session = (): Readonly<Record<string, JsonSchema>> => ({
  name: { type: 'string', minLength: 1, description: 'Name shown in the output' },
  given: { ...ref('given'), description: SESSION },
  message: {
    ...sitePath,
    description: 'File with the message, relative to the site. Without one, a plain message whose From is the envelope sender',
  },
  expect: { ...ref('expectation'), description: EXPECTED },
});

const cases = (): JsonSchema => ({
  type: 'array',
  minItems: 1,
  description: 'Sessions with much in common, each a test of its own: what a case says is added to the above, or replaces it',
  items: {
    type: 'object',
    description: 'One case: those of `name`, `given`, `message` and `expect` that differ',
    properties: session(),
    additionalProperties: false,
    minProperties: 1,
  },
});

/** One test beside the rules. */
export const testSchema = (): JsonSchema => ({
  type: 'object',
  description: 'A test: a session and its expected result',
  properties: { ...session(), cases: cases() },
  required: ['name', 'given', 'expect'],
  additionalProperties: false,
});
