import { nearest } from '../suggest.ts';
import { facts } from './index.ts';

/*
 * What an unknown fact name probably means: a field of a fact's elements, or the result of a limit or greylist
 * without the rule it belongs to.
 */

interface Field {
  readonly fact: string;
  readonly field: string;
}

/** `attachment.extension` is the field `extension` of each attachment; `null` for other names. */
export const elementField = (name: string): Field | null => {
  const [fact = '', field = ''] = name.split('.');
  const fields = Object.keys(facts.get(fact)?.fields ?? {});
  if (fields.length === 0 || field === '') return null;
  if (fields.includes(field)) return { fact, field };
  return { fact, field: nearest(field, fields) ?? fields[0] ?? '' };
};

/** What to write in a condition; `null` if that is not clear. */
export const meantInCondition = (name: string): string | null => {
  const meant = elementField(name);
  return meant && `Test the elements: \`${meant.fact}: { any: { ${meant.field}: … } }\`.`;
};

/** What to write where a session is given: in `given:` of a test and `--given`. */
export const meantInGiven = (name: string): string | null => {
  const count = /^(limit|greylist)\.?$/.exec(name)?.[1];
  if (count !== undefined)
    return `Write \`${count}.<rule id>\`: whether the rule ${count === 'limit' ? 'is over its limit' : 'still defers'}.`;
  const meant = elementField(name);
  return meant && `Give the elements: \`${meant.fact}: [{ ${meant.field}: … }]\`.`;
};
