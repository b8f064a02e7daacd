import type { Edit } from '../../policy/diagnostic.ts';
import { id } from '../../policy/forms/forms.ts';
import type { NameKind, Occurrence } from '../names/occurrences.ts';
import type { SiteNames } from '../names/site-names.ts';
import { occurrencesOf, shortName } from './definition.ts';

/** What is to be replaced, or why nothing may be. */
export type Renaming = { readonly edits: readonly Edit[] } | { readonly refused: string };

const RENAMED: ReadonlySet<NameKind> = new Set(['list', 'grant', 'group', 'tag']);

export const canRename = ({ kind }: Occurrence): boolean => RENAMED.has(kind);

const ID = new RegExp(String(id.pattern));
const LONGEST = 64;

/** Tags may be anything; what more than a word might mean to YAML is put in quotes. */
const written = (name: string): string =>
  /^[A-Za-z][\w-]*$/.test(name) && !/^(?:true|false|null)$/i.test(name) ? name : JSON.stringify(name);

const faultOf = (kind: NameKind, name: string): string | null => {
  if (name.trim() === '' || /\p{Cc}|\$\{/u.test(name)) return 'A name is a text without control characters and without ${…}.';
  if (kind === 'tag' || (ID.test(name) && name.length <= LONGEST)) return null;
  return `${name} is not a name of a ${kind}: write a lower-case letter, then lower-case letters, digits, - and _.`;
};

const stemsOf = (all: readonly Occurrence[]): ReadonlySet<string> => new Set(all.filter(({ defines }) => defines).map(({ at }) => at.file));

const refusal = (names: SiteNames, occurrence: Occurrence, name: string): string | null => {
  const { kind } = occurrence;
  const all = occurrencesOf(names, occurrence);
  if (names.partly.length > 0) return `The name may stand in what cannot be read: first fix the errors in ${names.partly.join(', ')}.`;
  if (!canRename(occurrence)) return `A ${kind} cannot be renamed here.`;
  if (!all.some(({ defines }) => defines)) return `There is no ${kind} ${shortName(occurrence)} to rename.`;
  if (kind === 'grant' && stemsOf(all).size > 1)
    return `Several files have a grant ${shortName(occurrence)}: which one is meant cannot be told.`;
  const taken = names.occurrences.some((other) => sharesNames(other.kind, kind) && shortName(other) === name);
  return taken ? `The name ${name} is in use already.` : null;
};

/** Ids are unique in a file, whatever they are the id of. */
const sharesNames = (one: NameKind, other: NameKind): boolean => one === other || (other === 'grant' && one === 'rule');

/** Everything that has to be written anew for a name to become another one. */
export const renaming = (names: SiteNames, occurrence: Occurrence, name: string): Renaming => {
  if (name === shortName(occurrence)) return { edits: [] };
  const refused = faultOf(occurrence.kind, name) ?? refusal(names, occurrence, name);
  if (refused !== null) return { refused };
  const edits = occurrencesOf(names, occurrence).map((one) => {
    const stem = one.name.slice(0, one.name.length - shortName(one).length);
    return { at: one.at, text: stem === '' ? written(name) : stem + name };
  });
  return { edits };
};
