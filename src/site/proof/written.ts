import { type FactValue, isCollection, Unknown } from '../../policy/value.ts';
import type { Session } from './witness.ts';

const wordOf = (value: FactValue): string => {
  if (value === null) return 'absent';
  if (value instanceof Unknown) return 'unknown';
  // JSON is YAML, and quotes a text that YAML would take for something else.
  return isCollection(value) ? JSON.stringify(value) : typeof value === 'string' ? JSON.stringify(value) : String(value);
};

/** What a session is given, as a test has it behind `given:`. */
export const writtenGiven = (session: Session): string =>
  `{ ${[...session].map(([fact, value]) => `${fact}: ${wordOf(value)}`).join(', ')} }`;

/** A test to paste beside the rules: it fails as long as the session gets through. */
export const refusingTest = (name: string, session: Session): readonly string[] => [
  `- name: ${name}`,
  `  given: ${writtenGiven(session)}`,
  '  expect: { at: rcpt, verdict: reject }',
];
