import { type ActionContext, type ActionDefinition, type CompiledAction, PolicyError } from '../definition.ts';
import { findFact } from '../facts/find.ts';
import { factName, oneOrMany } from '../forms/forms.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { type FactSource, Unknown } from '../value.ts';
import { milliseconds, texts } from './argument.ts';
import { duration } from './form.ts';

const DEFAULT_KEY = ['client.net', 'sender.address', 'recipient.address'];

/** RFC 6647 5: long enough to shake off who never retries, short enough for who does; kept as long as a monthly newsletter needs. */
const DEFAULTS = { delay: '5m', window: '2d', keep: '35d' };

const LONGEST = '366d';

const keyOf = (argument: JsonObject): readonly string[] => {
  const key = argument.key === undefined ? DEFAULT_KEY : texts(argument.key);
  const wrong = key.findIndex((fact) => findFact(fact) === null);
  if (wrong >= 0) throw new PolicyError('RLY2001', `there is no fact \`${key[wrong]}\``, 'The key is made of facts.', ['key', wrong]);
  return key;
};

const durationOf = (argument: JsonObject, name: keyof typeof DEFAULTS): number =>
  milliseconds(argument[name] ?? DEFAULTS[name], LONGEST, [name]);

const compile = (argument: Json, { rule, text }: ActionContext): CompiledAction => {
  const written = isObject(argument) ? argument : {};
  const key = keyOf(written);
  const times = { delay: durationOf(written, 'delay'), window: durationOf(written, 'window'), keep: durationOf(written, 'keep') };
  if (times.delay >= times.window)
    throw new PolicyError(
      'RLY1107',
      'delay is not shorter than window',
      'A retry counts between delay and window after the first attempt.',
      ['window'],
    );
  const keyText = (facts: FactSource): string | undefined => {
    const parts = key.map((fact) => text(facts, fact));
    return parts.some((part) => part instanceof Unknown) ? undefined : JSON.stringify([rule, ...parts]);
  };
  return {
    does: 'verdict',
    verdict: 'defer',
    make: (facts, ask) => {
      const known = keyText(facts);
      if (known === undefined) return undefined;
      const waits = ask({ need: 'greylist', name: `greylist.${rule}`, key: known, ...times });
      if (waits === undefined) return undefined;
      return waits ? { verdict: 'defer', code: 451, enhanced: '4.7.1', text: 'Greylisted, try again later', disconnect: false } : null;
    },
  };
};

export const greylist: ActionDefinition = {
  name: 'greylist',
  doc: 'Greylists (RFC 6647): defers until a retry arrives after `delay` and within `window`; the key then passes until `keep` after its last mail.',
  hooks: ['rcpt'],
  argument: {
    type: 'object',
    properties: {
      key: { ...oneOrMany(factName), description: `Facts whose combined values form the key. Default ${DEFAULT_KEY.join(', ')}` },
      delay: { ...duration, description: `Minimum wait before a retry passes. Default ${DEFAULTS.delay}` },
      window: { ...duration, description: `Latest time for a retry. Default ${DEFAULTS.window}` },
      keep: { ...duration, description: `How long a key that passed is remembered. Default ${DEFAULTS.keep}` },
    },
    additionalProperties: false,
    description: '`{key, delay, window, keep}`, each with a default',
  },
  bare: true,
  compile,
  examples: [
    {
      on: 'rcpt',
      written: { greylist: { delay: '10m' } },
      given: { 'greylist.test/example': true },
      decides: { verdict: 'defer', code: 451, enhanced: '4.7.1' },
    },
  ],
};
