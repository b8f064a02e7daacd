import type { Json } from '../../json.ts';
import type { Path } from '../../syntax.ts';
import type { Fault } from '../fault.ts';
import type { Replacement } from '../replacement.ts';

/** What to write, in words, and what a machine can write, the likeliest first. */
export interface Advice {
  readonly help: string;
  readonly instead: readonly Replacement[];
}

/** What to write instead of a value that does not fit, for one kind of mistake; `null` for any other. */
export type Meant = (fault: Fault, data: Json) => Advice | null;

/** The key that a value belongs to. */
export const keyOf = (path: Path): string => String(path.at(-1) ?? '');

/** Advice that only a person can follow. */
export const says = (help: string): Advice => ({ help, instead: [] });

interface Written {
  readonly part: Replacement['part'];
  readonly text: string;
  /** Left out: what was meant leaves no doubt. */
  readonly safe?: boolean;
}

/** Something to write in the place of what is there. `help` where there is more to say than what to write. */
export const write = ({ part, text, safe = true }: Written, help = `Write ${onOneLine(text)}.`): Advice => ({
  help,
  instead: text.includes('…') ? [] : [{ title: text === '' ? 'Delete it' : `Write ${shortened(onOneLine(text))}`, part, text, safe }],
});

const onOneLine = (text: string): string => text.replaceAll('\n', ', ');

/** The first advice, with what a machine can write of all of them. */
export const either = (first: Advice, ...others: readonly Advice[]): Advice => ({
  help: first.help,
  instead: [first, ...others].flatMap(({ instead }) => instead),
});

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
