import type { Finder } from '../../policy/decide/settle.ts';
import type { Need } from '../../policy/decision.ts';
import type { FactDefinition } from '../../policy/fact-definition.ts';
import { type FactValue, Unknown } from '../../policy/value.ts';
import { factOf, type JudgedEntry, type JudgedFacts } from '../../transaction/judged.ts';
import { judgedHeaderBytes } from '../../transaction/judged-header.ts';
import type { Script } from '../simulation/script.ts';

/** Why a fact is unknown that a replay needs and the log does not have. */
export const NOT_RECORDED = 'not in the decision log';

const MISSING = new Unknown(NOT_RECORDED);

const EMPTY_LINE = '\r\n';

const factsOf = (facts: JudgedFacts): [string, FactValue][] => Object.entries(facts).map(([name, value]) => [name, factOf(value)]);

/** The header alone; the parts of the body that rules asked for are recorded as look-ups. */
const messageOf = ({ header }: JudgedEntry): Buffer | null =>
  header === undefined ? null : Buffer.concat([judgedHeaderBytes(header), Buffer.from(EMPTY_LINE)]);

/** What cannot be known either where a fact is left out. */
const withIt = (fact: string): readonly string[] => {
  if (fact === 'header.message-id') return [fact, `raw_${fact}`, 'message.id'];
  if (fact.startsWith('header.')) return [fact, `raw_${fact}`];
  return fact.startsWith('raw_header.') ? withIt(fact.slice('raw_'.length)) : [fact];
};

/** The session that the log tells of, as a script. What the configuration left out is unknown. */
export const recordedScript = (entry: JudgedEntry): Script => {
  const omitted = (entry.omitted ?? []).flatMap(withIt).map((name): [string, FactValue] => [name, MISSING]);
  const recipients = entry.recipients?.map(({ address }) => address || null) ?? [null];
  return {
    given: new Map([...omitted, ...factsOf(entry.facts)]),
    recipients,
    message: messageOf(entry),
    noMessage: MISSING,
    now: entry.began,
  };
};

/** Facts of the session or the message that the log does not have. */
export const hasGaps = ({ omitted, header, facts }: JudgedEntry): boolean =>
  omitted !== undefined || (header === undefined && facts['message.size'] !== undefined);

/** Answers what rules ask with what was found out then. */
export class RecordedFinder implements Finder {
  readonly #found: ReadonlyMap<string, FactValue>;
  readonly #own: readonly ReadonlyMap<string, FactValue>[];
  #turn = -1;
  /** Something was asked that the log does not have. */
  missed = false;

  constructor({ facts, recipients = [] }: JudgedEntry) {
    this.#found = new Map(factsOf(facts));
    this.#own = recipients.map((recipient) => new Map(factsOf(recipient.facts ?? {})));
  }

  /** The next questions are about this recipient, from 0; -1: about none. */
  turnTo(recipient: number): void {
    this.#turn = recipient;
  }

  readonly find = async ({ name }: Need, definition: FactDefinition | null): Promise<FactValue> => {
    const own = definition?.lifetime === 'connection' ? undefined : this.#own[this.#turn]?.get(name);
    const value = own === undefined ? this.#found.get(name) : own;
    if (value === undefined) this.missed = true;
    return value === undefined ? MISSING : value;
  };
}
