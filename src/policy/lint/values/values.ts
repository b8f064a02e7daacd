import type { Possible, ValueType } from '../../definition.ts';
import { isArray } from '../../json.ts';
import type { Pattern } from '../../reason/pattern.ts';
import { readRegex } from '../../reason/regex.ts';
import { Effort, samples } from '../../reason/samples.ts';
import type { Scalar } from '../../value.ts';

/** What values a fact can have, as far as its definition says. */
export type Values =
  | { readonly are: 'words'; readonly words: readonly Scalar[] }
  | { readonly are: 'numbers'; readonly least: number; readonly most: number; readonly whole: boolean }
  | { readonly are: 'addresses' }
  | TextValues
  | { readonly are: 'anything' };

export interface TextValues {
  readonly are: 'texts';
  readonly pattern: Pattern;
  readonly fits: (text: string) => boolean;
  /** Some of them, short ones. */
  readonly some: readonly string[];
}

/** Values of a type, or what its fact says of them. */
export const valuesOf = (type: ValueType, possible: Possible | undefined = type.possible): Values => {
  const words = wordsOf(type);
  if (words !== null) return { are: 'words', words };
  if (type.ordered && type.textual) return { are: 'anything' };
  if (type.ordered) {
    const [least, most] = possible?.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    return { are: 'numbers', least, most, whole: possible?.range !== undefined };
  }
  return textsOf(possible?.form ?? (type.caseless === true ? '[^A-Z]*' : '(?:.|\\n)*'));
};

const wordsOf = ({ literal, normalize }: ValueType): readonly Scalar[] | null => {
  if (literal.type === 'boolean') return [true, false];
  const { enum: written } = literal;
  return isArray(written) ? [...new Set(written.flatMap((word) => normalize(String(word)) ?? []))] : null;
};

const known = new Map<string, Values>();

const FEW = 6;

const textsOf = (form: string): Values => {
  const made = known.get(form);
  if (made !== undefined) return made;
  const pattern = readRegex(form);
  const whole = new RegExp(`^(?:${form})$`);
  const found: Values =
    pattern === null
      ? { are: 'anything' }
      : { are: 'texts', pattern, fits: (text) => whole.test(text), some: first(samples(pattern, [], new Effort(100_000))) };
  known.set(form, found);
  return found;
};

const first = (all: Iterable<string | undefined>): readonly string[] => {
  const found: string[] = [];
  for (const one of all) {
    if (one === undefined || found.length >= FEW) break;
    found.push(one);
  }
  return found;
};
