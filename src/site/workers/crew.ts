import cluster from 'node:cluster';
import { extname, join } from 'node:path';
import type { StoreStatus } from '../../queue/store.ts';
import type { BoundListener } from '../../smtp/server.ts';
import type { RelayConfig } from '../config/config.ts';
import { asStarted } from '../config/effects.ts';
import type { Figures } from '../relay/metrics.ts';
import type { Edition } from '../snapshots/snapshot.ts';
import { type Member, NO_MAIL } from './member.ts';
import { Post, type PostOptions } from './post.ts';
import { Rollout } from './rollout.ts';

/** Beside this file, compiled like it or not. */
const WORKER = join(import.meta.dirname, `worker${extname(import.meta.filename)}`);

const sum = (one: StoreStatus, other: StoreStatus): StoreStatus => ({
  queued: one.queued + other.queued,
  held: one.held + other.held,
  quarantined: one.quarantined + other.quarantined,
  corrupt: one.corrupt + other.corrupt,
});

/** The edition as a worker begins with it that joins later. */
const asFirst = ({ head, blobs }: Edition, begun: RelayConfig): Edition => ({
  head: { ...head, config: asStarted(begun, head.config) },
  blobs,
});

export interface CrewOptions extends Pick<PostOptions, 'log' | 'admission' | 'ledger'> {
  readonly count: number;
  /** What workers begin with. */
  readonly edition: Edition;
}

/** All workers of a relay. */
export class Crew {
  readonly #posts: readonly Post[];
  /** Where what only a restart changes is as it was at the start. */
  readonly #begun: RelayConfig;
  #edition: Edition;
  readonly #rollout = new Rollout();

  constructor({ count, edition, log, admission, ledger }: CrewOptions) {
    this.#edition = edition;
    this.#begun = edition.head.config;
    const first = () => ({ edition: asFirst(this.#edition, this.#begun), processes: count });
    this.#posts = Array.from({ length: count }, () => new Post({ log, admission, ledger, first }));
    cluster.setupPrimary({ exec: WORKER, args: [], serialization: 'advanced' });
  }

  /** Some worker accepts. */
  get isReady(): boolean {
    return this.#posts.some((post) => post.isReady);
  }

  /** Process ids of those that accept. */
  get pids(): readonly number[] {
    return this.#posts.flatMap(({ member, isReady }) => (member && isReady ? member.pid : []));
  }

  /** Resolves when every worker accepts on every listener; rejects with what keeps one from it. */
  async open(): Promise<readonly BoundListener[]> {
    const [listeners = []] = await Promise.all(this.#posts.map((post) => post.open()));
    return listeners;
  }

  /** All workers make an edition ready beside what runs. Resolves to `null`, or to what is in the way; nothing is in force yet. */
  prepare(edition: Edition): Promise<string | null> {
    return this.#rollout.prepare(this.#begunMembers(), edition);
  }

  /** The edition all have prepared is in force when this resolves; whoever begins from now on begins with it. */
  take(edition: Edition): Promise<void> {
    this.#edition = edition;
    return this.#rollout.take(this.#begunMembers(), edition);
  }

  async queue(): Promise<StoreStatus> {
    const shares = await Promise.all(this.#begunMembers().map((member) => member.queue()));
    return shares.reduce(sum, NO_MAIL);
  }

  figures(): Promise<readonly Figures[]> {
    return Promise.all(this.#begunMembers().map((member) => member.figures()));
  }

  reopenLogs(): void {
    for (const member of this.#begunMembers()) member.reopenLogs();
  }

  /** Resolves when every worker has ended; those that take longer than `patience` milliseconds are killed. */
  async stop(patience: number): Promise<void> {
    await Promise.all(this.#posts.map((post) => post.leave(patience)));
  }

  kill(): void {
    for (const member of this.#members()) member.kill();
  }

  #members(): readonly Member[] {
    return this.#posts.flatMap(({ member }) => member ?? []);
  }

  #begunMembers(): readonly Member[] {
    return this.#members().filter(({ hasBegun }) => hasBegun);
  }
}
