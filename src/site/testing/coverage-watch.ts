import { compilePolicy } from '../../policy/compile/policy.ts';
import type { View } from '../../policy/compile/view.ts';
import type { RulePart, Watch } from '../../policy/compile/watch.ts';
import { type Truth, truthName } from '../../policy/truth.ts';
import type { Site } from '../loading/load.ts';

/** How often something came out in each way. */
export type Tally = Readonly<Record<ReturnType<typeof truthName>, number>>;

export const NEVER: Tally = { true: 0, false: 0, unknown: 0 };

const added = (tally: Tally, truth: Truth): Tally => {
  const name = truthName(truth);
  return { ...tally, [name]: tally[name] + 1 };
};

/** Counts how the parts of conditions come out in evaluations that stand. */
export class CoverageWatch implements Watch {
  readonly #tallies = new Map<RulePart, Tally>();
  /** Of the evaluation under way, which asks a part more than once. */
  #heard = new Map<RulePart, Truth>();
  #view: View | null = null;
  #deaf = false;
  /** Hears of everything that counts. */
  onCounted: (part: RulePart, truth: Truth) => void = () => undefined;

  tally(part: RulePart): Tally {
    return this.#tallies.get(part) ?? NEVER;
  }

  readonly saw = (part: RulePart, truth: Truth, view: View): void => {
    if (this.#deaf) return;
    if (view !== this.#view) this.#heard = new Map();
    this.#view = view;
    this.#heard.set(part, truth);
  };

  readonly decided = (view: View): void => {
    if (view !== this.#view) return;
    for (const [part, truth] of this.#heard) {
      this.#tallies.set(part, added(this.tally(part), truth));
      this.onCounted(part, truth);
    }
    this.#heard = new Map();
  };

  readonly unheard = <T>(ask: () => T): T => {
    const before = this.#deaf;
    this.#deaf = true;
    try {
      return ask();
    } finally {
      this.#deaf = before;
    }
  };
}

/** The same site, whose conditions the watch hears. */
export const watchedSite = (site: Site, watch: Watch): Site => {
  const { policy } = compilePolicy(site.files, site.policy.version, watch);
  if (policy === null) throw new Error('the policies of the site do not compile a second time');
  return { ...site, policy };
};
