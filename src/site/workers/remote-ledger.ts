import type { LedgerRequest } from '../../ledger/request.ts';
import { Calls } from './calls.ts';

/** Milliseconds. The primary does not count older questions: the worker has given up on them. */
export const LEDGER_TIMEOUT = 5_000;

/** Requests of one turn, and when they were asked (epoch milliseconds). */
export interface LedgerBatch {
  readonly call: number;
  readonly asked: number;
  readonly requests: readonly LedgerRequest[];
}

/** What a worker knows of the ledger: the primary has it, and answers what is asked in one turn with one message. */
export class RemoteLedger {
  readonly #send: (batch: LedgerBatch) => void;
  readonly #calls = new Calls<readonly boolean[] | null>(null, LEDGER_TIMEOUT);
  #isShut = false;
  #requests: LedgerRequest[] = [];
  #answers: Promise<readonly boolean[] | null> | null = null;

  constructor(send: (batch: LedgerBatch) => void) {
    this.#send = send;
  }

  /** Rejects if the primary does not answer in time, or is gone. */
  async ask(request: LedgerRequest): Promise<boolean> {
    const at = this.#requests.push(request) - 1;
    this.#answers ??= this.#asked();
    const held = (await this.#answers)?.[at];
    if (held === undefined) throw new Error('the primary process did not answer for the ledger');
    return held;
  }

  /** The primary has spoken. */
  answer(call: number, answers: readonly boolean[]): void {
    this.#calls.answer(call, answers);
  }

  /** There is no primary any more. */
  shut(): void {
    this.#isShut = true;
    this.#calls.giveUp();
  }

  async #asked(): Promise<readonly boolean[] | null> {
    await new Promise((resolve) => setImmediate(resolve));
    const requests = this.#requests;
    this.#requests = [];
    this.#answers = null;
    if (this.#isShut) return null;
    return this.#calls.ask((call) => this.#send({ call, asked: Date.now(), requests }));
  }
}
