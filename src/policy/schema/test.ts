import { MEMBER_PATTERN } from '../facts/find.ts';
import { oneOrMany, sitePath } from '../forms/forms.ts';
import { HOOKS } from '../hook.ts';
import type { JsonSchema } from '../json.ts';
import { DURATION_PATTERN } from '../quantity.ts';
import { factProperties } from './conditions.ts';

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

const duration: JsonSchema = { type: 'string', pattern: `${DURATION_PATTERN}|^absent$` };

const names = oneOrMany({ type: 'string', minLength: 1 });

const expectation: JsonSchema = {
  type: 'object',
  description: 'What is expected; what is not named may be anything',
  properties: {
    at: { enum: [...HOOKS], description: 'Hook at which the session is decided' },
    verdict: { enum: VERDICTS, description: 'The verdict' },
    code: { type: 'integer', minimum: 200, maximum: 599, description: 'Code of the reply' },
    enhanced: { type: 'string', pattern: '^[245]\\.\\d{1,3}\\.\\d{1,3}$', description: 'Enhanced status code of the reply, `5.7.1`' },
    text: { type: 'string', description: 'Part of the text of the reply, or of the reason of a quarantine' },
    by: { type: 'string', description: 'The rule that decided: an id of this file, a full name, or `grants`' },
    route: { type: 'string', description: 'Target of the route' },
    tls: {
      enum: ['none', 'opportunistic', 'required', 'verify', 'absent'],
      description: 'TLS of the route; `absent` where it does not say',
    },
    tag: { ...names, description: 'Tags that must have been given' },
    score: { type: 'number', description: 'The score at the end' },
    added: { ...names, description: 'Names of header fields added or replaced' },
    disconnect: { type: 'boolean', description: 'Whether the connection is closed with the reply' },
    recipients: { ...names, description: 'Exactly those the message goes to in the end, rewritten and added ones included' },
    refused: { ...names, description: 'Exactly those who were refused at RCPT, as the client wrote them; the others were accepted' },
    sender: { type: 'string', description: 'The envelope sender in the end; `absent` for the null sender' },
    signed: {
      type: ['string', 'object'],
      properties: {
        domain: { type: 'string', description: 'The signing domain, `d=`' },
        selector: { type: 'string', description: 'The selector, `s=`' },
      },
      required: ['domain'],
      additionalProperties: false,
      description: 'A DKIM signature the message gets: its domain, or `{domain, selector}`; `absent` for none',
    },
    hold: { ...duration, description: 'How long the next attempt is put off; `absent` for not at all' },
    dsn: { enum: ['never', 'headers', 'full', 'absent'], description: 'What a rule says the sender gets; `absent` where none says' },
    removed: { ...names, description: 'Names of header fields removed' },
  },
  patternProperties: {
    [`^header\\.${MEMBER_PATTERN}$`]: {
      type: ['string', 'number', 'array'],
      items: { type: ['string', 'number'] },
      description: 'Values of the header field in the end, all of them in order; `absent` for none',
    },
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
