import { editHeader, isHeaderEdit } from '../../message/edits.ts';
import { IncomingMessage, ReceivedMessage } from '../../message/incoming.ts';
import { provideMessage } from '../../message/message-facts.ts';
import type { SessionFacts } from '../../policy/decide/session.ts';
import type { AppliedEffect } from '../../policy/decision.ts';
import { type Script, stateGivenMessage, stateNoMessage } from './script.ts';

const UNBOUNDED = { headerSize: Number.MAX_SAFE_INTEGER, inMemory: Number.MAX_SAFE_INTEGER };

/** Nothing of a script reaches the disk. */
const noFiles = { bodyFile: () => Promise.reject(new Error('a walk keeps its message in memory')), discardFile: () => Promise.resolve() };

/** The message of a script as the relay would receive it; `null` if it has none. */
export const receive = async ({ message }: Script): Promise<ReceivedMessage | null> => {
  if (message === null) return null;
  const incoming = new IncomingMessage({ ...UNBOUNDED, files: noFiles });
  await incoming.write(message);
  return incoming.finish();
};

/** The message of a walk, with its header as rules have left it so far. */
export class WalkedMessage {
  readonly #script: Script;
  readonly #facts: SessionFacts;
  #message: ReceivedMessage | null;
  /** Header fields that rules changed, as `Name: value`. */
  readonly added: string[] = [];
  readonly removed: string[] = [];

  constructor(script: Script, message: ReceivedMessage | null, facts: SessionFacts) {
    this.#script = script;
    this.#message = message;
    this.#facts = facts;
  }

  /** States what is known of it; what the script gives wins. */
  state(): void {
    if (this.#message) provideMessage(this.#facts, this.#message);
    else stateNoMessage(this.#facts);
    stateGivenMessage(this.#facts, this.#script);
  }

  /** Later rules see the header as edited. */
  edit(effects: readonly AppliedEffect[]): void {
    const edits = effects.filter((effect) => isHeaderEdit(effect));
    if (!this.#message || edits.length === 0) return;
    const smtputf8 = this.#script.given.get('message.smtputf8') === true;
    const { header, added, removed } = editHeader(this.#message.header, edits, smtputf8);
    this.#message = new ReceivedMessage(header, this.#message.body);
    this.added.push(...added);
    this.removed.push(...removed);
    this.state();
  }
}
