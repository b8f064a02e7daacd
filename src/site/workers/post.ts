import cluster from 'node:cluster';
import type { Logger } from 'pino';
import type { Admission } from '../../smtp/admission.ts';
import type { BoundListener } from '../../smtp/server.ts';
import type { AskLedger } from '../relay/counters.ts';
import { Backoff } from './backoff.ts';
import { Door } from './door.ts';
import { type End, Member, type MemberStart } from './member.ts';

export interface PostOptions {
  readonly log: Logger;
  /** Of the whole relay. */
  readonly admission: Admission;
  readonly ledger: AskLedger;
  readonly first: MemberStart['first'];
}

/** The place of one worker: when the one that holds it dies, another is started, later each time it happens in a row. */
export class Post {
  readonly #options: PostOptions;
  readonly #backoff = new Backoff();
  #member: Member | null = null;
  #ready = false;
  #leaving = false;
  #restart: NodeJS.Timeout | null = null;

  constructor(options: PostOptions) {
    this.#options = options;
  }

  /** `null` between a death and the next start. */
  get member(): Member | null {
    return this.#member;
  }

  /** Its worker accepts on every listener. */
  get isReady(): boolean {
    return this.#ready;
  }

  /** Resolves when the first worker accepts; rejects with what keeps it from that. */
  open(): Promise<readonly BoundListener[]> {
    return new Promise((resolve, reject) => {
      const onFailed = (reason: string): void => reject(new Error(reason));
      this.#fill({ onReady: resolve, onFailed });
      void this.#member?.ended.then(() => onFailed('a worker died while it was starting'));
    });
  }

  /** Nobody comes after the present worker, who has `patience` milliseconds to end. */
  async leave(patience: number): Promise<void> {
    this.#leaving = true;
    if (this.#restart) clearTimeout(this.#restart);
    await this.#member?.stop(patience);
  }

  #fill(heard: Pick<MemberStart, 'onReady' | 'onFailed'>): void {
    const { admission, ledger, first } = this.#options;
    const began = performance.now();
    const onReady = (listeners: readonly BoundListener[]): void => {
      this.#ready = true;
      heard.onReady(listeners);
    };
    const member = new Member(cluster.fork(), { ...heard, onReady, first, ledger, door: new Door(admission) });
    this.#member = member;
    void member.ended.then((end) => this.#vacant({ worker: member.pid, ...end }, performance.now() - began));
  }

  #vacant(died: End & { readonly worker: number }, lived: number): void {
    this.#member = null;
    this.#ready = false;
    if (this.#leaving) return;
    const { log } = this.#options;
    const wait = this.#backoff.after(lived);
    log.error({ ...died, startsAgainIn: wait }, 'worker died');
    const onReady = (): void => log.info({ worker: this.#member?.pid }, 'worker replaced');
    const onFailed = (reason: string): void => log.error({ reason }, 'worker failed to start');
    this.#restart = setTimeout(() => this.#fill({ onReady, onFailed }), wait);
  }
}
