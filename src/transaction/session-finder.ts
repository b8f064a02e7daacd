import type { ReceivedMessage } from '../message/incoming.ts';
import type { Finder } from '../policy/decide/settle.ts';
import type { Need } from '../policy/decision.ts';
import type { FactDefinition } from '../policy/fact-definition.ts';
import { type FactSource, type FactValue, Unknown } from '../policy/value.ts';
import type { Evidence } from './evidence.ts';
import type { SessionSettings } from './settings.ts';

export interface FinderOf {
  readonly message: () => ReceivedMessage | null;
  /** Told of all that is found out. */
  readonly evidence: Evidence | null;
}

/** What fails is unknown, and noted as such. */
const noted = (found: Promise<FactValue>, note: (value: FactValue) => void): Promise<FactValue> => {
  found.then(note, (error: unknown) => note(new Unknown(error instanceof Error ? error.message : String(error))));
  return found;
};

/** Makes look-ups for one session, through a finder for each transaction that is created at its first look-up. */
export class SessionFinder implements Finder {
  readonly #settings: SessionSettings;
  readonly #message: () => ReceivedMessage | null;
  readonly #evidence: Evidence | null;
  #bound: Finder | null = null;

  constructor(settings: SessionSettings, { message, evidence }: FinderOf) {
    this.#settings = settings;
    this.#message = message;
    this.#evidence = evidence;
  }

  readonly find = (need: Need, definition: FactDefinition | null, facts: FactSource, signal: AbortSignal): Promise<FactValue> => {
    this.#bound ??= this.#settings.finder(this.#message);
    const found = this.#bound.find(need, definition, facts, signal);
    return this.#evidence === null ? found : noted(found, (value) => this.#evidence?.found(need, definition, value));
  };

  /** Begins another transaction: drops the results of the last one. */
  forget(): void {
    this.#bound = null;
  }
}
