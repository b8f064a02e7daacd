import { type ActionContext, type CompiledAction, PolicyError } from '../definition.ts';
import { choose } from '../forms/refs.ts';
import type { Json, JsonSchema } from '../json.ts';
import { textAt } from './argument.ts';
import { doubtAbout } from './doubt.ts';
import { headerName, line } from './form.ts';

const value: JsonSchema = { ...line, description: 'Its value; `${fact}` is expanded' };

const field: JsonSchema = { properties: { name: headerName, value }, required: ['name', 'value'], additionalProperties: false };

/** Of several fields none is called `value`: that is one whose `name` was forgotten. */
const fields: JsonSchema = {
  propertyNames: { pattern: '^(?!value$)[!-9;-~]+$', maxLength: 76, description: 'Write `{name, value}`, or names and values of fields' },
  additionalProperties: value,
  minProperties: 1,
};

export const fieldArgument: JsonSchema = {
  type: 'object',
  ...choose({ required: ['name'] }, field, fields),
  description: '`{name, value}`, or the names and values of several: `{X-One: text, X-Two: text}`',
};

/** RFC 5322 3.6: at most one of each in a message. */
const SINGULAR =
  'date from sender reply-to to cc bcc message-id in-reply-to references subject mime-version content-type content-transfer-encoding';

/** Trace fields and results are the relay's own word (RFC 5321 4.4, RFC 8601 5). */
const OURS = 'received return-path';

const isOneOf = (name: string, names: string): boolean => names.split(' ').includes(name.toLowerCase());

/** Throws `PolicyError` for a field that only the relay itself writes. */
export const checkName = (name: string): void => {
  if (isOneOf(name, OURS))
    throw new PolicyError('RLY2018', `${name} is a trace field, which the relay writes itself`, 'Use a name of your own.', ['name']);
};

/** Throws `PolicyError` for a field of which a second one would make the message invalid. */
export const checkMayBeAdded = (name: string): void => {
  checkName(name);
  if (isOneOf(name, SINGULAR))
    throw new PolicyError(
      'RLY2018',
      `a message has at most one ${name}`,
      'Use `replace_header`, which adds the field where there is none.',
      ['name'],
    );
};

/** The effect that writes a field. */
export const writeField = (effect: 'add_header' | 'replace_header', argument: Json, { template, exact }: ActionContext): CompiledAction => {
  const name = textAt(argument, 'name');
  const value = template(textAt(argument, 'value'));
  const known = exact(textAt(argument, 'value'));
  return { does: 'effect', make: (facts) => ({ effect, name, value: value(facts), ...doubtAbout(known(facts)) }) };
};
