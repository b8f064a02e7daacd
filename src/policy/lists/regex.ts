import { RE2JS, RE2JSException } from 're2js';
import type { EntryFault, ListDefinition } from '../definition.ts';
import { ExpressionBudget, MOST_INSTRUCTIONS } from '../expression-budget.ts';
import { foundAnywhere, type Pattern } from '../reason/pattern.ts';
import { readRegex } from '../reason/regex.ts';
import { addEntries, compiledList } from './faults.ts';

/** What is read of one value, in characters: linear time is still 17 ms for 100,000 of them. */
const MATCHED_CHARACTERS = 65_536;

/** Why an expression is refused that comes after too many others. */
export const SPENT = `the regular expressions compile to more than ${MOST_INSTRUCTIONS.toLocaleString('en')} instructions, with repetitions such as {1,100} expanded`;

/** Finds the pattern anywhere in the first `MATCHED_CHARACTERS` of a value, in linear time (RE2). Throws `RE2JSException` on a wrong pattern. */
export const compileRegex = (pattern: string, caseless: boolean, budget: ExpressionBudget): ((value: string) => boolean) => {
  const regex = RE2JS.compile(pattern, caseless ? RE2JS.CASE_INSENSITIVE : 0);
  budget.spend(regex.programSize());
  return (value) => regex.test(value.length > MATCHED_CHARACTERS ? value.slice(0, MATCHED_CHARACTERS) : value);
};

/** Exactly the values in which it is found; `null` where that is left undecided. */
export const regexPattern = (source: string, caseless: boolean): Pattern | null => {
  const found = readRegex(source, caseless);
  return found === null ? null : foundAnywhere(found);
};

/** What `use` makes of a pattern that may be compiled, or what is wrong with it. */
export const withRegex = (pattern: string, budget: ExpressionBudget, use: () => void): string | null => {
  if (pattern === '') return 'an empty regular expression matches everything';
  if (budget.isSpent) return SPENT;
  try {
    use();
    return budget.isSpent ? SPENT : null;
  } catch (error) {
    if (error instanceof RE2JSException) return `\`${pattern}\` is not a valid RE2 expression: ${error.message}`;
    throw error;
  }
};

/** That there are too many is said once, not of each that follows. */
const onceSpent = (faults: readonly EntryFault[]): readonly EntryFault[] => {
  const first = faults.findIndex(({ message }) => message === SPENT);
  return first < 0 ? faults : faults.filter(({ message }, index) => message !== SPENT || index === first);
};

export const regex: ListDefinition = {
  name: 'regex',
  doc: 'Regular expressions in RE2 syntax, matched anywhere in the value unless anchored with `^` and `$`; `(?i)` ignores case.',
  example: {
    entries: ['^bounce-[0-9]+@', '(?i)viagra'],
    has: ['bounce-17@example.com', 'cheap VIAGRA here'],
    lacks: ['xbounce-17@example.com', 'bounce-@example.com'],
  },
  pattern: (entry, type) => regexPattern(entry, type.caseless === true),
  compile: (entries) => {
    const matchers: { readonly plain: (value: string) => boolean; readonly caseless: (value: string) => boolean }[] = [];
    const budget = { plain: new ExpressionBudget(), caseless: new ExpressionBudget() };
    const faults = addEntries(entries, (entry) =>
      withRegex(entry, budget.plain, () => {
        const plain = compileRegex(entry, false, budget.plain);
        matchers.push({ plain, caseless: compileRegex(entry, true, budget.caseless) });
      }),
    );
    const has = (value: unknown): boolean => matchers.some(({ plain }) => plain(String(value)));
    const hasCaseless = (value: unknown): boolean => matchers.some(({ caseless }) => caseless(String(value)));
    return compiledList({ type: 'regex', has, hasCaseless }, entries, onceSpent(faults));
  },
};
