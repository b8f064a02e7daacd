import type { Position, Range } from 'vscode-languageserver/node';
import type { Span } from '../../policy/diagnostic.ts';
import type { Occurrence } from '../names/occurrences.ts';
import type { SiteNames } from '../names/site-names.ts';
import { rangeOf, touches } from '../positions.ts';

const at = (position: Position): Range => ({ start: position, end: position });

/** The name at a position of a file; `null` if there is none. */
export const occurrenceAt = (names: SiteNames, file: string, position: Position): Occurrence | null =>
  names.occurrences.find((one) => one.at.file === file && touches(rangeOf(one.at), at(position))) ?? null;

/** A grant is known by its id and by `<file stem>/<id>`. */
export const shortName = ({ kind, name }: Pick<Occurrence, 'kind' | 'name'>): string =>
  kind === 'grant' ? name.slice(name.lastIndexOf('/') + 1) : name;

const isSame = (one: Occurrence, other: Occurrence): boolean => one.kind === other.kind && shortName(one) === shortName(other);

/** Every place where the name of `occurrence` stands. */
export const occurrencesOf = ({ occurrences }: SiteNames, occurrence: Occurrence): readonly Occurrence[] =>
  occurrences.filter((one) => isSame(one, occurrence));

/** Where the name at a position comes from. */
export const definitionsAt = (names: SiteNames, file: string, position: Position): readonly Span[] => {
  const occurrence = occurrenceAt(names, file, position);
  return occurrence === null ? [] : occurrencesOf(names, occurrence).flatMap((one) => (one.defines ? [one.at] : []));
};
