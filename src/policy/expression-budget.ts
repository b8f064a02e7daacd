/**
 * What the regular expressions of a list, or those of all rules, may come to in instructions of their programs: about
 * 20,000 plain ones. `x{1,100}` makes 201 of them, and each takes some time to compile and to run.
 */
export const MOST_INSTRUCTIONS = 200_000;

/** Counts instructions down from `MOST_INSTRUCTIONS`. */
export class ExpressionBudget {
  #left = MOST_INSTRUCTIONS;

  get isSpent(): boolean {
    return this.#left < 0;
  }

  spend(instructions: number): void {
    this.#left -= instructions;
  }
}
