import { compileEntries, FEW_ENTRIES } from '../../lists/compile.ts';
import { lists as listTypes } from '../../lists/index.ts';
import { Effort } from '../../reason/samples.ts';
import type { ListSyntax } from '../../syntax.ts';
import type { LintedSite } from '../check.ts';
import { type FactCondition, factConditionsOf, type Guarded, guardedOf } from '../guarded.ts';
import { type OperatorUse, operatorUses } from '../operator-uses.ts';
import type { SmallLists } from './leaf.ts';
import { type SiteWords, siteWords } from './site-words.ts';

interface Asking {
  readonly guarded: Guarded;
  readonly conditions: readonly FactCondition[];
  readonly uses: readonly OperatorUse[];
}

const askingOf = (guarded: Guarded): Asking => {
  const conditions = factConditionsOf(guarded);
  return { guarded, conditions, uses: conditions.flatMap(operatorUses) };
};

/** What checks that reason about values share for one site. */
export interface Reasoning {
  /** Grants, rules and routes with what they ask. */
  readonly asking: readonly Asking[];
  /** Every operator that a condition of the site applies. */
  readonly uses: readonly OperatorUse[];
  readonly named: ReadonlyMap<string, ListSyntax>;
  readonly lists: SmallLists;
  readonly words: SiteWords;
  readonly effort: Effort;
}

/** Less than a second on a slow machine; beyond it conditions stay undecided. */
const STEPS = 1_500_000;

const made = new WeakMap<LintedSite, Reasoning>();

export const reasoningOf = (site: LintedSite): Reasoning => {
  const known = made.get(site);
  if (known !== undefined) return known;
  const all = site.files.flatMap((file) => file.lists);
  const asking = site.files.flatMap(guardedOf).map(askingOf);
  const reasoning: Reasoning = {
    asking,
    uses: asking.flatMap(({ uses }) => uses),
    named: new Map(all.map((list) => [list.name, list])),
    lists: new Map(all.flatMap((list) => small(list))),
    words: siteWords(site),
    effort: new Effort(STEPS),
  };
  made.set(site, reasoning);
  return reasoning;
};

const small = (list: ListSyntax) => {
  const definition = listTypes.get(list.type);
  if (definition === undefined || list.entries.length > FEW_ENTRIES) return [];
  const { membership, faults } = compileEntries(
    definition,
    list.entries.map(({ text }) => text),
  );
  return faults.length === 0 ? [[list.name, membership] as const] : [];
};
