import type { JudgedEntry } from '../../transaction/judged.ts';
import type { Site } from '../loading/load.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { type Difference, differencesOf, type Fate, toldSteps } from './compare.ts';
import { judgeAgainQuickly } from './judge-again.ts';
import { NOT_RECORDED } from './recorded.ts';

/** Whom a difference concerns, so that a person can find it in the logs. */
export interface Example {
  readonly time: string;
  readonly connection: string;
  readonly transaction: string | null;
  readonly queueId: string | null;
  readonly client: string | null;
  readonly sender: string | null;
  readonly recipient: string | null;
}

/** Transactions that would go another way, all in the same way and for the same reason. */
export interface Change {
  readonly what: Difference['what'];
  readonly before: Fate;
  readonly after: Fate;
  count: number;
  readonly examples: Example[];
}

/** What a replay has found. A transaction of several recipients may have several changes. */
export interface Replay {
  /** Version of the policy that judged now. */
  readonly policy: string;
  /** Versions of the policies that judged then. */
  readonly recordedUnder: readonly string[];
  readonly first: string | null;
  readonly last: string | null;
  readonly transactions: number;
  readonly same: number;
  readonly different: number;
  /** Rules wanted to know what was not recorded: these may come out either way. */
  readonly undecided: number;
  /** Lines that could not be read. */
  readonly unreadable: number;
  /** Most frequent first. */
  readonly changes: readonly Change[];
  /** What was not recorded -> transactions for which it mattered; most frequent first. */
  readonly missing: Readonly<Record<string, number>>;
}

/** Examples kept of one change. */
const EXAMPLES = 3;

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const exampleOf = ({ time, connection, transaction, queueId, facts }: JudgedEntry, { recipient }: Difference): Example => ({
  time,
  connection,
  transaction: transaction ?? null,
  queueId: queueId ?? null,
  client: textOf(facts['client.ip']),
  sender: textOf(facts['sender.address']),
  recipient: recipient ?? null,
});

const keyOf = ({ what, before, after }: Difference): string =>
  JSON.stringify([what, ...[before, after].flatMap((fate) => [fate.kind, fate.by, 'code' in fate ? `${fate.code} ${fate.enhanced}` : ''])]);

/** What rules wanted and the log does not have. */
const missingIn = (entry: JudgedEntry, simulation: Simulation): ReadonlySet<string> => {
  const undecided = toldSteps(entry, simulation).flatMap(({ decision }) => decision.trace.filter(({ result }) => result === 'unknown'));
  return new Set(undecided.flatMap(({ why }) => why.filter((reason) => reason.includes(NOT_RECORDED))));
};

const byCount = <Item>(items: Iterable<Item>, count: (item: Item) => number): readonly Item[] =>
  [...items].sort((a, b) => count(b) - count(a));

/** Adds up, one transaction after the other. */
class Tally {
  readonly #changes = new Map<string, Change>();
  readonly #missing = new Map<string, number>();
  readonly #policies = new Set<string>();
  #first: string | null = null;
  #last: string | null = null;
  #same = 0;
  #different = 0;
  #undecided = 0;
  unreadable = 0;

  add(entry: JudgedEntry, simulation: Simulation): void {
    this.#policies.add(entry.policy);
    this.#first ??= entry.time;
    this.#last = entry.time;
    const missing = missingIn(entry, simulation);
    if (missing.size > 0) {
      this.#undecided++;
      for (const reason of missing) this.#missing.set(reason, (this.#missing.get(reason) ?? 0) + 1);
      return;
    }
    const differences = differencesOf(entry, simulation);
    if (differences.length === 0) this.#same++;
    else this.#different++;
    for (const difference of differences) this.#count(entry, difference);
  }

  #count(entry: JudgedEntry, difference: Difference): void {
    const key = keyOf(difference);
    const { what, before, after } = difference;
    const change = this.#changes.get(key) ?? { what, before, after, count: 0, examples: [] };
    this.#changes.set(key, change);
    change.count++;
    if (change.examples.length < EXAMPLES) change.examples.push(exampleOf(entry, difference));
  }

  result(policy: string): Replay {
    return {
      policy,
      recordedUnder: [...this.#policies],
      first: this.#first,
      last: this.#last,
      transactions: this.#same + this.#different + this.#undecided,
      same: this.#same,
      different: this.#different,
      undecided: this.#undecided,
      unreadable: this.unreadable,
      changes: byCount(this.#changes.values(), ({ count }) => count),
      missing: Object.fromEntries(byCount(this.#missing, ([, count]) => count)),
    };
  }
}

/** Judges what the log tells of under the policy of `site`. */
export const replay = async (entries: AsyncIterable<JudgedEntry | null>, site: Site): Promise<Replay> => {
  const tally = new Tally();
  for await (const entry of entries) {
    if (entry === null) tally.unreadable++;
    else tally.add(entry, await judgeAgainQuickly(entry, site));
  }
  return tally.result(site.policy.version);
};
