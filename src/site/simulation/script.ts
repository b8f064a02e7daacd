import { type FactValue, Unknown } from '../../policy/value.ts';

/** A session that is made up: what is known of it, to whom it writes, and what it sends. */
export interface Script {
  /** By full name of the fact. What stands here wins over what the session would state by itself. */
  readonly given: ReadonlyMap<string, FactValue>;
  /** As behind `RCPT TO:`, with or without the angle brackets. Never empty; `null` stands for a recipient of whom nothing is known. */
  readonly recipients: readonly (string | null)[];
  /** Bytes of the message; `null`: there is none, and only given facts tell about it. */
  readonly message: Buffer | null;
  /** Why nothing is known of the message, where there is none. */
  readonly noMessage?: Unknown;
  /** Epoch milliseconds. */
  readonly now: number;
}

const NO_MESSAGE = new Unknown('no message is given');

/** What stands for all facts of the message, if the script has none. */
export const unknownMessage = ({ noMessage = NO_MESSAGE }: Script): Unknown => noMessage;

/** The text a script gives for a fact; `null` if it gives none. */
export const givenText = ({ given }: Script, fact: string): string | null => {
  const value = given.get(fact);
  return typeof value === 'string' ? value : null;
};

export const givenNumber = ({ given }: Script, fact: string): number | null => {
  const value = given.get(fact);
  return typeof value === 'number' ? value : null;
};
