import type { ReceivedMessage } from '../message/incoming.ts';
import type { Finder } from '../policy/decide/settle.ts';
import type { Need } from '../policy/decision.ts';
import type { FactDefinition } from '../policy/fact-definition.ts';
import type { FactSource, FactValue } from '../policy/value.ts';
import type { SessionSettings } from './settings.ts';

/** Makes look-ups for one session, through a finder for each transaction that is created at its first look-up. */
export class SessionFinder implements Finder {
  readonly #settings: SessionSettings;
  readonly #message: () => ReceivedMessage | null;
  #bound: Finder | null = null;

  constructor(settings: SessionSettings, message: () => ReceivedMessage | null) {
    this.#settings = settings;
    this.#message = message;
  }

  readonly find = (need: Need, definition: FactDefinition | null, facts: FactSource, signal: AbortSignal): Promise<FactValue> => {
    this.#bound ??= this.#settings.finder(this.#message);
    return this.#bound.find(need, definition, facts, signal);
  };

  /** Begins another transaction: drops the results of the last one. */
  forget(): void {
    this.#bound = null;
  }
}
