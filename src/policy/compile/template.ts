import { type ExactTemplate, PolicyError, type Template } from '../definition.ts';
import { findFact, keptName } from '../facts/find.ts';
import { type FactSource, type FactValue, type FieldValue, isCollection, isFields, Unknown } from '../value.ts';

const PLACEHOLDER = /\$\{([^}]*)\}/g;

/** C0, DEL, C1 and the two Unicode line ends: none may reach a reply, a header, an address or a log line. */
const CONTROL = /[\p{Cc}\u2028\u2029]+/gu;

/** Text on one line: every run of control characters has become a space. */
export const withoutControls = (text: string): string => text.replace(CONTROL, ' ');

/** Compiles text with `${fact}`. Absent becomes nothing, unknown the word, a collection a list. */
export const template = (text: string): Template => {
  const parts = text.split(PLACEHOLDER).map((part, index) => (index % 2 === 0 ? withoutControls(part) : placeholder(part.trim())));
  if (parts.every((part) => typeof part === 'string')) {
    const fixed = parts.join('');
    return () => fixed;
  }
  return (facts) => parts.map((part) => (typeof part === 'string' ? part : part(facts))).join('');
};

/** Compiles text that must be known to be of use: unknown if a fact in it is. */
export const exactTemplate = (text: string): ExactTemplate => {
  const fill = template(text);
  const facts = [...text.matchAll(PLACEHOLDER)].map(([, fact = '']) => keptName(fact.trim()));
  if (facts.length === 0) return fill;
  return (source) => facts.map((fact) => source.get(fact)).find((value) => value instanceof Unknown) ?? fill(source);
};

const placeholder = (fact: string): Template => {
  if (findFact(fact) === null)
    throw new PolicyError('RLY2013', `there is no fact \`${fact}\``, 'Name a fact of the reference between `${` and `}`.');
  const name = keptName(fact);
  return (facts: FactSource) => withoutControls(asText(facts.get(name) ?? null));
};

/** A value as text for people: what a template puts in place of the fact. */
export const asText = (value: FactValue): string => {
  if (value === null) return '';
  if (value instanceof Unknown) return 'unknown';
  if (!isCollection(value)) return String(value);
  return value.map((element) => (isFields(element) ? firstOf(element.name) : String(element))).join(', ');
};

const firstOf = (field: FieldValue | undefined): string => String((typeof field === 'object' ? field?.[0] : field) ?? '');
