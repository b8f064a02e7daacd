import { isArray, isObject, type Json } from '../json.ts';
import type { LeftOut, Located, Path } from '../syntax.ts';
import { elements, entries, entry } from './parts.ts';

/*
 * A part with a fault is left out, and the others go through every check, so that all mistakes of a file are reported at
 * once. What was left out is remembered: no check may report it as missing.
 */

export const SECTIONS = ['lists', 'grants', 'rules', 'routes', 'tests'] as const;
type Section = (typeof SECTIONS)[number];

const isSection = (name: unknown): name is Section => SECTIONS.some((section) => section === name);

/** A section as far as it can be understood. */
export interface SoundParts {
  readonly sound: (section: Section) => readonly (readonly [string, Located])[];
  readonly leftOut: readonly LeftOut[];
}

/** The parts of each section that have no fault. `faulty`: where the faults are. */
export const soundParts = (document: Located, faulty: readonly Path[]): SoundParts => {
  const marks = new Map<Section, Set<string>>();
  const mark = (section: Section, part: string): void => void marks.set(section, (marks.get(section) ?? new Set()).add(part));
  for (const [section, part] of faulty) {
    if (isSection(section)) mark(section, part === undefined ? WHOLE : String(part));
    else if (section !== undefined && !HARMLESS.has(String(section))) for (const any of SECTIONS) mark(any, MORE);
  }
  const partsWithout = (section: Section) => partsOf(document, section).filter(([name]) => !isMarked(marks.get(section), name));
  return {
    sound: partsWithout,
    leftOut: [...marks].flatMap(([section, names]) => [...names].map((name) => leftOut(document, section, name))),
  };
};

/** The section itself is malformed, or the part has no name: any part may be missing. */
const WHOLE = '*';
const MORE = '+';

/** Nothing else depends on these. */
const HARMLESS: ReadonlySet<string> = new Set(['version', 'description']);

const isMarked = (marks: ReadonlySet<string> | undefined, name: string): boolean =>
  marks !== undefined && (marks.has(WHOLE) || marks.has(name));

const partsOf = (document: Located, section: Section): readonly (readonly [string, Located])[] => {
  const part = entry(document, section);
  if (part === null) return [];
  if (section === 'lists') return entries(part);
  return elements(part).map((element, index) => [String(index), element] as const);
};

const leftOut = (document: Located, section: Section, name: string): LeftOut => {
  if (name === WHOLE || name === MORE) return { section, name: null };
  return { section, name: section === 'lists' ? name : idAt(document.value, section, Number(name)) };
};

const idAt = (document: Json, section: string, index: number): string | null => {
  const parts = isObject(document) ? document[section] : null;
  const part = isArray(parts) ? parts[index] : null;
  return isObject(part) && typeof part.id === 'string' ? part.id : null;
};
