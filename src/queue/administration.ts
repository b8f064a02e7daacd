import type { Actor } from './actor.ts';
import type { MessageRecord } from './message.ts';
import type { ActionResult, AdministeredQueue, QueueAction } from './queue.ts';
import type { MessageStore, ReportDamage } from './store.ts';

/** An operator's request about one message. */
export interface OperatorRequest {
  readonly id: string;
  readonly action: QueueAction;
  readonly actor: Actor | null;
}

/** `failed`: the store refused it. `unanswered`: the process that has the message did not answer in time. */
export type RequestResult = ActionResult | 'failed' | 'unanswered';

/** A request and its result, for the log. */
export interface AnsweredRequest extends OperatorRequest {
  readonly result: RequestResult;
  /** As it was before; `null` if there is no such message. */
  readonly record: MessageRecord | null;
  /** The account that asked, as reported by the system; `null` if only `actor`'s claim is known. */
  readonly uid: number | null;
}

export interface ShownMessage {
  readonly record: MessageRecord;
  /** The raw header, cut at 64 KiB: the caller removes control characters before printing. */
  readonly header: Buffer;
  /** A running process owns it. */
  readonly running: boolean;
}

/** What to do, and where to report what this process does itself; a running relay has its own log. */
export interface ActionOptions {
  readonly action: QueueAction;
  readonly onAnswered: (request: AnsweredRequest) => void;
}

/** The queue of all processes as an operator sees it, whether or not the relay is running. */
export interface QueueAdministration {
  /** Every message, in order of arrival. Changes nothing. */
  list(): Promise<readonly MessageRecord[]>;
  /** One message; `null` if there is none with this id. */
  show(id: string): Promise<ShownMessage | null>;
  /** Paths of entries that failed their checksum, kept for inspection. */
  corrupt(): Promise<readonly string[]>;
  /** Applies an action to each message, through the process that owns it, or directly if none does. Results are in the order of the ids. */
  act(ids: readonly string[], options: ActionOptions): Promise<readonly RequestResult[]>;
}

/** How a process answers operators' requests. */
export interface AnsweringOptions {
  readonly queue: AdministeredQueue;
  readonly onError: (error: unknown) => void;
  readonly onAnswered?: (request: AnsweredRequest) => void;
}

/** One place where a queue is kept: everything that differs between kinds of stores. */
export interface QueueStorage extends QueueAdministration {
  /** The store of this process. Rejects with the system's code if it cannot be written. */
  open(report: ReportDamage): Promise<MessageStore>;
  /** Answers operators' requests to this process until stopped. */
  answerRequests(options: AnsweringOptions): { readonly stop: () => Promise<void> };
}

/** Carries out a request and returns its result; never rejects. */
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
