import { type Element, type FactValue, isCollection, isFields, Unknown } from '../value.ts';

const LONGEST = 120;

/** What JSON leaves as it is and a terminal would obey, or a log take for the end of a line. */
const UNSAFE = /[\x7f-\x9f\u2028\u2029]/g;

const quoted = (value: unknown): string =>
  JSON.stringify(value).replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A value as a trace shows it: quoted text, lists in brackets, long ones cut. */
export const show = (value: FactValue): string => {
  if (value === null) return 'absent';
  if (value instanceof Unknown) return 'unknown';
  const shown = isCollection(value)
    ? `[${value.slice(0, 10).map(showElement).join(', ')}${value.length > 10 ? ', …' : ''}]`
    : showElement(value);
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
};

const showElement = (element: Element): string => (isFields(element) || typeof element === 'string' ? quoted(element) : String(element));
