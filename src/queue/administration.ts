import type { Actor } from './actor.ts';
import type { MessageRecord } from './message.ts';
import type { ActionResult, AdministeredQueue, QueueAction } from './queue.ts';
import type { MessageStore, ReportDamage } from './store.ts';

/** What an operator asks for one message. */
export interface OperatorRequest {
  readonly id: string;
  readonly action: QueueAction;
  readonly actor: Actor | null;
}

/** `failed`: the store refused it. `unanswered`: the process that has the message did not get round to it. */
export type RequestResult = ActionResult | 'failed' | 'unanswered';

/** A request and what came of it, for the log. */
export interface AnsweredRequest extends OperatorRequest {
  readonly result: RequestResult;
  /** As it was before; `null` if there is no such message. */
  readonly record: MessageRecord | null;
  /** Of the account that asked, as the system has it; `null` where there is only `actor`'s word. */
  readonly uid: number | null;
}

export interface ShownMessage {
  readonly record: MessageRecord;
  /** The raw header, cut at 64 KiB: the caller removes control characters before printing. */
  readonly header: Buffer;
  /** A running process has it. */
  readonly running: boolean;
}

/** What to do, and who is told about what this process does itself: a running relay has its own log. */
export interface ActionOptions {
  readonly action: QueueAction;
  readonly onAnswered: (request: AnsweredRequest) => void;
}

/** The queue of all processes as an operator sees it, whether the relay runs or not. */
export interface QueueAdministration {
  /** Every message, in order of arrival. Changes nothing. */
  list(): Promise<readonly MessageRecord[]>;
  /** One message; `null` if there is none of this id. */
  show(id: string): Promise<ShownMessage | null>;
  /** Where entries are kept that did not fit their checksum, for a person to look at. */
  corrupt(): Promise<readonly string[]>;
  /** Does this to each message, through the process that has it or, when none does, itself. Results stand in the order of the ids. */
  act(ids: readonly string[], options: ActionOptions): Promise<readonly RequestResult[]>;
}

/** How a process answers the requests of operators. */
export interface AnsweringOptions {
  readonly queue: AdministeredQueue;
  readonly onError: (error: unknown) => void;
  readonly onAnswered?: (request: AnsweredRequest) => void;
}

/** One place where a queue is kept: all that differs between kinds of stores. */
export interface QueueStorage extends QueueAdministration {
  /** The store of this process. Rejects with the system's code if it cannot be written. */
  open(report: ReportDamage): Promise<MessageStore>;
  /** Answers what operators ask of this process, until stopped. */
  answerRequests(options: AnsweringOptions): { readonly stop: () => Promise<void> };
}

/** Does what is asked, whatever comes of it. */
export const carryOut = async (
  queue: AdministeredQueue,
  request: OperatorRequest,
  onError: (error: unknown) => void,
): Promise<Omit<AnsweredRequest, 'uid'>> => {
  try {
    const record = await queue.record(request.id);
    return { ...request, record, result: await queue.act(request.id, request.action) };
  } catch (error) {
    onError(error);
    return { ...request, record: null, result: 'failed' };
  }
};
