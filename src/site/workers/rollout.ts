import type { SiteSnapshot } from '../snapshots/snapshot.ts';

/** A process that runs by a snapshot. */
export interface RolloutTarget {
  /** Resolves to `null` when it is ready for the snapshot, or is gone; else to what is in the way. */
  prepare(snapshot: SiteSnapshot): Promise<string | null>;
  /** What was prepared is in force when this resolves to true, or the process is gone. */
  take(): Promise<boolean>;
  kill(): void;
}

/** A new snapshot for all or for none: nobody takes what not everybody has made ready. */
export class Rollout {
  #prepared: ReadonlySet<RolloutTarget> = new Set();

  /**
   * Resolves to `null` when all are ready, or to what is in the way of one; nothing is in force yet. One compiles after
   * the other, so that the cores are left to the mail.
   */
  async prepare(targets: readonly RolloutTarget[], snapshot: SiteSnapshot): Promise<string | null> {
    this.#prepared = new Set(targets);
    for (const target of targets) {
      const problem = await target.prepare(snapshot);
      if (problem !== null) return problem;
    }
    return null;
  }

  /**
   * What all have prepared is in force in all when this resolves. One that has come since then follows; one
   * that cannot is killed, and its replacement begins with the snapshot.
   */
  async take(targets: readonly RolloutTarget[], snapshot: SiteSnapshot): Promise<void> {
    await Promise.all(targets.map((target) => this.#follow(target, snapshot)));
  }

  async #follow(target: RolloutTarget, snapshot: SiteSnapshot): Promise<void> {
    const ready = this.#prepared.has(target) || (await target.prepare(snapshot)) === null;
    if (!ready || !(await target.take())) target.kill();
  }
}
