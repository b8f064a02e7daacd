import type { Finding } from '../../diagnostic-codes.ts';
import type { ListSyntax, Located } from '../../syntax.ts';
import type { OperatorUse } from '../operator-uses.ts';
import { valuesOf } from './values.ts';

/* Texts that are compared literally but look as if something else was meant. */

interface Compared {
  readonly use: OperatorUse;
  readonly text: string;
  /** The operator was written out, `{ eq: … }`: then the text is meant as it is, if it can be. */
  readonly spelled: boolean;
  readonly lists: ReadonlyMap<string, ListSyntax>;
}

/** What the text at `literal` was probably meant to be; `null` if it may well be meant as written. */
export const lookalike = (use: OperatorUse, literal: Located, lists: ReadonlyMap<string, ListSyntax>): Finding | null => {
  if (typeof literal.value !== 'string' || !use.type.textual) return null;
  const compared = { use, text: literal.value, spelled: isSpelled(use), lists };
  const found = FORMS[use.operator];
  return found === undefined ? null : found(compared);
};

/** `fact: { eq: x }` begins before its operand, `fact: x` does not. */
const isSpelled = ({ operator, operand, at }: OperatorUse): boolean =>
  operator === 'eq' && (at.line !== operand.at.line || at.column !== operand.at.column);

/** The fact, or the field behind it, as a condition names it. */
const nameOf = ({ subject }: OperatorUse): string => subject.slice(subject.lastIndexOf(' ') + 1);

type Find = (compared: Compared) => Finding | null;

const equality: Find = (compared) => (compared.spelled ? null : (nameOfList(compared) ?? slashes(compared) ?? stars(compared)));

const SLASHED = /^\/(.+)\/([a-z]*)$/;

const nameOfList: Find = ({ use, text, lists }) => {
  const list = lists.get(text);
  if (list === undefined || !use.type.lists.includes(list.type)) return null;
  const negated = use.operator === 'ne' || use.operator === 'not_in';
  return {
    message: `${text} is compared as text, but is also the name of a list`,
    help: `For the list, write ${nameOf(use)}: { ${negated ? 'not_in' : 'in'}: ${text} }; for the text, { eq: ${text} }.`,
  };
};

const REGEX_PARTS = /[\\^$*+?()|[\]{}]/;

const slashes: Find = ({ use, text }) => {
  const [, inner = '', flags = ''] = SLASHED.exec(text) ?? [];
  if (inner === '' || (flags === '' && !REGEX_PARTS.test(inner))) return null;
  return {
    message: `${text} is compared as text, slashes included`,
    help: `For a regular expression, write ${nameOf(use)}: { matches: ${quoted(withFlags(inner, flags, use))} }.`,
  };
};

const withFlags = (inner: string, flags: string, { type }: OperatorUse): string =>
  flags.includes('i') && type.caseless !== true && !inner.startsWith('(?i)') ? `(?i)${inner}` : inner;

/** Between single quotes a backslash is kept. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const stars: Find = ({ use, text }) => {
  const isAddress = use.type.name === 'address';
  const values = valuesOf(use.type, use.possible);
  if (values.are === 'texts' && !values.fits(text.toLowerCase())) return null;
  if (isAddress ? !text.includes('*') : !/^\*[^*]+\*?$|^[^*]+\*$/.test(text)) return null;
  const domain = isAddress ? /^\*(@[^*]+)$/.exec(text)?.[1] : undefined;
  const instead = domain === undefined ? '' : `"${domain}" for every address of the domain, or `;
  return {
    message: `${text} is compared as text, * included`,
    help: `Write ${instead}${nameOf(use)}: { glob: ${JSON.stringify(text)} }.`,
  };
};

const regexInSlashes: Find = ({ use, text }) => {
  const [, inner = '', flags = ''] = SLASHED.exec(text) ?? [];
  if (inner === '' || fits(use, text)) return null;
  return {
    message: `The slashes around ${text} are part of the expression`,
    help: `Write ${use.operator}: ${quoted(withFlags(inner, flags, use))}, without slashes${flags.includes('i') ? '; (?i) ignores case' : ''}.`,
  };
};

/** A path may begin and end with a slash. */
const fits = ({ type }: OperatorUse, text: string): boolean =>
  type.name === 'string' && !/^\/.*\/[imsxgu]+$/.test(text) && !/[\\^$|*+?]/.test(text);

const partOfText: Find = ({ use, text }) => {
  if (!/\.[*+]|\\[.dwsb]|^\(\?i\)|^\^/.test(text)) return null;
  return {
    message: `${use.operator} compares text: ${text} is not read as a regular expression`,
    help: `Write ${nameOf(use)}: { matches: ${quoted(text)} }, or the text itself.`,
  };
};

const regexAsGlob: Find = ({ use, text }) => {
  if (!/^\^|^\.\*|\.\*\$$|\\[.dws]/.test(text)) return null;
  return {
    message: `A glob knows only * and ?: ${text} is not read as a regular expression`,
    help: `Write ${nameOf(use)}: { matches: ${quoted(text)} }, or * for any text and ? for any character.`,
  };
};

const FORMS: Readonly<Record<string, Find>> = {
  eq: equality,
  ne: equality,
  in: equality,
  not_in: equality,
  matches: regexInSlashes,
  glob: regexAsGlob,
  contains: partOfText,
  starts_with: partOfText,
  ends_with: partOfText,
};
