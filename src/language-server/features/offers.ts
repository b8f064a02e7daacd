import { findFact, memberOf } from '../../policy/facts/find.ts';
import { isArray, isObject, type Json, type JsonSchema } from '../../policy/json.ts';
import type { Place } from '../cursor/place.ts';
import { hookAt, type Subject, subjectOf } from '../cursor/subject.ts';
import { factsAt, familyMembers, namesOf } from '../names/known-words.ts';
import type { SiteNames } from '../names/site-names.ts';

/** One of the things that may be written at the cursor. */
export interface Offer {
  readonly text: string;
  readonly is: 'key' | 'value' | 'name';
  readonly detail?: string;
  /** Markdown. */
  readonly doc?: string;
}

const textOf = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

/** What a schema says of itself to people, in Markdown. */
export const docOf = (schema: JsonSchema): string | undefined => textOf(schema.markdownDescription) ?? textOf(schema.description);

const withDoc = (offer: Offer, doc: string | undefined): Offer => (doc === undefined ? offer : { ...offer, doc });

const familyKeys = (schema: JsonSchema, names: SiteNames): readonly Offer[] => {
  const patterns = isObject(schema.patternProperties) ? Object.keys(schema.patternProperties).map((one) => new RegExp(one, 'u')) : [];
  return familyMembers(names)
    .filter((name) => patterns.some((pattern) => pattern.test(name)))
    .map((name) => withDoc({ text: name, is: 'key' }, findFact(name)?.doc));
};

const EMPTY: JsonSchema = {};

/** Keys of the mapping at the cursor; `docs` finds the description of one. */
const keysOffered = (
  schemas: readonly JsonSchema[],
  { names, docs }: { readonly names: SiteNames; readonly docs: (key: string) => string | undefined },
): readonly Offer[] =>
  schemas.flatMap((schema) => {
    const own = Object.entries(isObject(schema.properties) ? schema.properties : EMPTY).filter(([, one]) => one !== false);
    return [...own.map(([key]) => withDoc({ text: key, is: 'key' }, docs(key))), ...familyKeys(schema, names)];
  });

const wordsOf = (schema: JsonSchema): readonly Offer[] => {
  if (schema.type === 'boolean') return ['true', 'false'].map((text) => ({ text, is: 'value' }));
  const docs = isArray(schema.enumDescriptions) ? schema.enumDescriptions : [];
  const words = isArray(schema.enum) ? schema.enum : schema.const === undefined ? [] : [schema.const];
  return words.map((word, index) => withDoc({ text: String(word), is: 'value' }, textOf(docs[index]) ?? docOf(schema)));
};

const plain = (texts: readonly string[], detail: string): readonly Offer[] => texts.map((text) => ({ text, is: 'name', detail }));

const listsFor = ({ definition, below }: Subject, { lists }: SiteNames): readonly Offer[] => {
  const field = below.find((step) => definition.fields?.[step] !== undefined);
  const type = field === undefined ? definition.type : (definition.fields?.[field] ?? definition.type);
  return lists
    .filter((list) => type.lists.includes(list.type))
    .map((list) => ({ text: list.name, is: 'name', detail: `list of type ${list.type}, ${list.entries} entries` }));
};

const LIST_OPERATORS: ReadonlySet<string> = new Set(['in', 'not_in']);

/** Behind `fact:`, an operator, or in the brackets of either. */
const valuesOf = (subject: Subject, place: Place, names: SiteNames): readonly Offer[] => {
  const { fact, below } = subject;
  const last = place.path.at(-1);
  if (typeof last === 'string' && LIST_OPERATORS.has(last)) return listsFor(subject, names);
  if (below.includes('same_as')) return plain(factsAt(names, hookAt(place.document, place.path)), 'fact');
  if (fact === 'tag') return plain(namesOf(names, 'tag'), 'tag');
  if (fact === 'grant') return plain(namesOf(names, 'grant'), 'grant');
  if (fact.startsWith('dnsbl.')) return plain([...(names.dnsLists.get(memberOf(fact)) ?? []), 'other'], 'code of the DNS list');
  return [];
};

/** Arguments of actions and other keys whose values are names of the site. */
const NAMED: Readonly<Record<string, (names: SiteNames) => readonly Offer[]>> = {
  skip: (names) => plain(namesOf(names, 'group'), 'group'),
  group: (names) => plain(namesOf(names, 'group'), 'group'),
  tag: (names) => plain(namesOf(names, 'tag'), 'tag'),
  remove_header: (names) => plain(namesOf(names, 'header'), 'header field'),
  by: (names) => plain(['grants', ...namesOf(names, 'rule'), ...namesOf(names, 'grant')], 'rule'),
};

const namesFor = (place: Place, names: SiteNames): readonly Offer[] => {
  const key = place.path.findLast((step) => typeof step === 'string');
  if (key === 'key' && place.path.includes('limit')) return plain(factsAt(names, hookAt(place.document, place.path)), 'fact');
  return typeof key === 'string' && Object.hasOwn(NAMED, key) ? (NAMED[key]?.(names) ?? []) : [];
};

const valuesOffered = (schemas: readonly JsonSchema[], place: Place, names: SiteNames): readonly Offer[] => {
  const subject = subjectOf(place.path);
  return [...schemas.flatMap(wordsOf), ...(subject === null ? namesFor(place, names) : valuesOf(subject, place, names))];
};

/** What the place hangs on beside the cursor itself. */
export interface OfferContext {
  readonly names: SiteNames;
  /** Schemas of what is at a path below the place's, or at the place. */
  readonly schemasBelow: (key?: string) => readonly JsonSchema[];
}

const firstDoc = (schemas: readonly JsonSchema[]): string | undefined => schemas.map(docOf).find((doc) => doc !== undefined);

/** `- word` at the beginning of a line may become a key, or be an entry of a sequence by itself. */
const maybeEntry = (place: Place): boolean => typeof place.path.at(-1) === 'number' && place.beside.length === 0 && !place.colon;

/** Everything that may be written at the cursor, each text once. */
export const offersAt = (place: Place, { names, schemasBelow }: OfferContext): readonly Offer[] => {
  if (place.writes === 'placeholder') return plain(factsAt(names, hookAt(place.document, place.path)), 'fact');
  const docs = (key: string): string | undefined => firstDoc(schemasBelow(key));
  const keys = keysOffered(schemasBelow(), { names, docs }).filter(({ text }) => !place.beside.includes(text));
  const values = place.writes === 'value' || maybeEntry(place) ? valuesOffered(schemasBelow(), place, names) : [];
  return [...new Map([...values, ...(place.writes === 'key' ? keys : [])].map((offer) => [offer.text, offer])).values()];
};
