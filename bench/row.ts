/** The same work done by us and by a yardstick, a moment apart. Both in the unit of the row. */
export interface Round {
  readonly ours: number;
  /** What the least that does this work costs, so that figures of different machines can be compared. */
  readonly floor: number;
}

/** One line of the table; each stands in a file of its own in `rows/` and is exported as `row`. */
export interface Row {
  readonly name: string;
  /** Of `ours` and `floor`, such as `us of CPU a message`. */
  readonly unit: string;
  readonly better: 'lower';
  /** Does the work this many times, our turn and the yardstick's alternating. Warming up does not count as a round. */
  run(rounds: number): Promise<readonly Round[]>;
}
