import type { Fix, Span } from '../../diagnostic.ts';
import type { Finding } from '../../diagnostic-codes.ts';
import type { ListSyntax, Located } from '../../syntax.ts';
import { isShorthand, type OperatorUse } from '../operator-uses.ts';
import { revalued, rewritten } from '../rewritten.ts';
import { valuesOf } from './values.ts';

/* Texts that are compared literally but look as if something else was meant. */

interface Compared {
  readonly use: OperatorUse;
  readonly text: string;
  readonly at: Span;
  /** The operator was written out, `{ eq: … }`: then the text is meant as it is, if it can be. */
  readonly spelled: boolean;
  readonly lists: ReadonlyMap<string, ListSyntax>;
}

/** What the text at `literal` was probably meant to be; `null` if it may well be meant as written. */
export const lookalike = (use: OperatorUse, literal: Located, lists: ReadonlyMap<string, ListSyntax>): Finding | null => {
  if (typeof literal.value !== 'string' || !use.type.textual) return null;
  const compared = { use, text: literal.value, at: literal.at, spelled: isSpelled(use), lists };
  const found = FORMS[use.operator];
  return found === undefined ? null : found(compared);
};

/** `fact: { eq: x }` begins before its operand, `fact: x` does not. */
const isSpelled = (use: OperatorUse): boolean => use.operator === 'eq' && !isShorthand(use);

/** Another operator in the place of a value that stands alone. */
const withOperator = ({ use, at }: Compared, condition: string): readonly Fix[] => (isShorthand(use) ? [rewritten(at, condition)] : []);

/** The fact, or the field behind it, as a condition names it. */
const nameOf = ({ subject }: OperatorUse): string => subject.slice(subject.lastIndexOf(' ') + 1);

type Find = (compared: Compared) => Finding | null;

const equality: Find = (compared) => (compared.spelled ? null : (nameOfList(compared) ?? slashes(compared) ?? stars(compared)));

const SLASHED = /^\/(.+)\/([a-z]*)$/;

const nameOfList: Find = (compared) => {
  const { use, text, lists } = compared;
  const list = lists.get(text);
  if (list === undefined || !use.type.lists.includes(list.type)) return null;
  const negated = use.operator === 'ne' || use.operator === 'not_in';
  return {
    message: `${text} is compared as text, but is also the name of a list`,
    help: `For the list, write ${nameOf(use)}: { ${negated ? 'not_in' : 'in'}: ${text} }; for the text, { eq: ${text} }.`,
    fixes: withOperator(compared, `{ in: ${text} }`),
  };
};

const REGEX_PARTS = /[\\^$*+?()|[\]{}]/;

const slashes: Find = (compared) => {
  const { use, text } = compared;
  const [, inner = '', flags = ''] = SLASHED.exec(text) ?? [];
  if (inner === '' || (flags === '' && !REGEX_PARTS.test(inner))) return null;
  return {
    message: `${text} is compared as text, slashes included`,
    help: `For a regular expression, write ${nameOf(use)}: { matches: ${quoted(withFlags(inner, flags, use))} }.`,
    fixes: withOperator(compared, `{ matches: ${quoted(withFlags(inner, flags, use))} }`),
  };
};

const withFlags = (inner: string, flags: string, { type }: OperatorUse): string =>
  flags.includes('i') && type.caseless !== true && !inner.startsWith('(?i)') ? `(?i)${inner}` : inner;

/** Between single quotes a backslash is kept. */
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const stars: Find = (compared) => {
  const { use, text, at } = compared;
  const isAddress = use.type.name === 'address';
  const values = valuesOf(use.type, use.possible);
  if (values.are === 'texts' && !values.fits(text.toLowerCase())) return null;
  if (isAddress ? !text.includes('*') : !/^\*[^*]+\*?$|^[^*]+\*$/.test(text)) return null;
  const domain = isAddress ? /^\*(@[^*]+)$/.exec(text)?.[1] : undefined;
  const instead = domain === undefined ? '' : `"${domain}" for every address of the domain, or `;
  return {
    message: `${text} is compared as text, * included`,
    help: `Write ${instead}${nameOf(use)}: { glob: ${JSON.stringify(text)} }.`,
    fixes: [...(domain === undefined ? [] : revalued(at, domain)), ...withOperator(compared, `{ glob: ${JSON.stringify(text)} }`)],
  };
};

const regexInSlashes: Find = ({ use, text, at }) => {
  const [, inner = '', flags = ''] = SLASHED.exec(text) ?? [];
  if (inner === '' || fits(use, text)) return null;
  return {
    message: `The slashes around ${text} are part of the expression`,
    help: `Write ${use.operator}: ${quoted(withFlags(inner, flags, use))}, without slashes${flags.includes('i') ? '; (?i) ignores case' : ''}.`,
    fixes: [rewritten(at, quoted(withFlags(inner, flags, use)))],
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
