import { Automaton, contains, type Reading } from './automaton.ts';
import { LAST_UNIT, type Pattern } from './pattern.ts';

/** A budget of steps, after which everything is left undecided: keeps lint linear in the number of rules. */
export class Effort {
  #left: number;
  constructor(steps: number) {
    this.#left = steps;
  }

  /** `false` once nothing is left. */
  spend(steps: number): boolean {
    this.#left -= steps;
    return this.#left > 0;
  }
}

/** Product states of one question. */
const MOST_STATES = 4000;

interface Node {
  readonly readings: readonly Reading[];
  readonly before: Node | null;
  readonly unit: number;
}

/** Letters and digits first, so that samples look natural. */
const USUAL = [...'a0eé中'].map((one) => one.charCodeAt(0));

/** One unit of each class; every edge treats all units of a class alike. */
const classesOf = (automata: readonly Automaton[]): readonly number[] => {
  const all = [...new Map(automata.flatMap((automaton) => [...automaton.ranges()]).map((ranges) => [ranges.join(), ranges])).values()];
  const bounds = [...new Set([0, ...all.flatMap((ranges) => ranges.flatMap(([first, last]) => [first, last + 1]))])];
  const found = new Map<string, number>();
  for (const unit of [...USUAL, ...bounds.filter((bound) => bound <= LAST_UNIT).sort((a, b) => a - b)]) {
    const taken = all.map((ranges) => (contains(ranges, unit) ? 1 : 0)).join('');
    if (!found.has(taken)) found.set(taken, unit);
  }
  return [...found.values()];
};

/**
 * Texts of `form`, at least one for each combination of the other patterns that it can match: what holds for some text of
 * the form, as far as the patterns can tell, holds for one of these. Ends with `undefined` if there are too many to be sure.
 */
export function* samples(form: Pattern, patterns: readonly Pattern[], effort: Effort): Generator<string | undefined> {
  const automata = [form, ...patterns].map((pattern) => Automaton.of(pattern));
  if (!automata.every((automaton) => automaton !== null)) return yield undefined;
  yield* walk(automata, effort);
}

function* walk(automata: readonly Automaton[], effort: Effort): Generator<string | undefined> {
  const classes = classesOf(automata);
  const start: Node = { readings: automata.map((automaton) => automaton.begin()), before: null, unit: 0 };
  const seen = new Set([keyOf(start.readings)]);
  const queue = [start];
  for (const node of queue) {
    if (node.readings[0]?.accepts) yield textOf(node);
    if (seen.size > MOST_STATES || !effort.spend(classes.length * automata.length)) return yield undefined;
    for (const [at, unit] of classes.entries()) {
      const readings = node.readings.map((reading, which) => automata[which]?.step(reading, unit, at) ?? reading);
      if (readings[0]?.states.length === 0) continue;
      const key = keyOf(readings);
      if (!seen.has(key)) queue.push({ readings, before: node, unit });
      seen.add(key);
    }
  }
}

const keyOf = (readings: readonly Reading[]): string => readings.map(({ number }) => number).join();

const textOf = (node: Node): string => {
  const units: number[] = [];
  for (let at = node; at.before !== null; at = at.before) units.push(at.unit);
  return String.fromCharCode(...units.reverse());
};
