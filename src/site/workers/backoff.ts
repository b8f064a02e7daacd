/** Milliseconds. */
const FIRST = 100;
const LONGEST = 30_000;
const STEADY = 60_000;

/** How long to wait before a worker is started in the place of one that died: twice as long each time, unless that one had run for a while. */
export class Backoff {
  #next = FIRST;

  /** `lived`: milliseconds from its start to its death. */
  after(lived: number): number {
    const wait = lived >= STEADY ? FIRST : this.#next;
    this.#next = Math.min(2 * wait, LONGEST);
    return wait;
  }
}
