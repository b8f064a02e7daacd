import type { Need } from '../../policy/decision.ts';
import type { Script } from '../simulation/script.ts';

const OF_COUNTS = {
  greylist: 'has waited long enough',
  limit: 'is not used up: nothing has been counted',
} as const;

/** What an explanation assumes because it was not given: said first. */
export class Assumptions {
  readonly #lookUp: boolean;
  readonly #said: Set<string>;

  constructor(script: Script, lookUp: boolean) {
    this.#lookUp = lookUp;
    this.#said = new Set(script.message === null ? ['no message is given: what rules ask about it is unknown'] : []);
  }

  get all(): readonly string[] {
    return [...this.#said];
  }

  readonly notGiven = (need: Need): void => {
    if (need.need !== 'lookup') this.#said.add(`${need.name} ${OF_COUNTS[need.need]}`);
    else if (!this.#lookUp) this.#said.add(`${need.name} is unknown: not given, and not looked up`);
  };
}
