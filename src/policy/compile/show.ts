import { type Element, type FactValue, isCollection, isFields, Unknown } from '../value.ts';

const LONGEST = 120;

/** A value as a trace shows it: quoted text, lists in brackets, long ones cut. */
export function show(value: FactValue): string {
  if (value === null) return 'absent';
  if (value instanceof Unknown) return 'unknown';
  const shown = isCollection(value)
    ? `[${value.slice(0, 10).map(showElement).join(', ')}${value.length > 10 ? ', …' : ''}]`
    : showElement(value);
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
}

const showElement = (element: Element): string =>
  isFields(element) ? JSON.stringify(element) : typeof element === 'string' ? JSON.stringify(element) : String(element);
