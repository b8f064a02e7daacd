import { isObject, type Json } from '../../policy/json.ts';
import { type Actor, readActor } from '../../queue/actor.ts';
import type { StoreStatus } from '../../queue/store.ts';

/*
 * What `relayctl reload` and `relayctl status` say to a running relay: one JSON object a line in each
 * direction over a Unix socket in the queue's folder, which only the relay's own user may open.
 */

export interface Question {
  readonly ask: 'status' | 'reload';
  /** Who asks, by its own word: the socket does not tell. */
  readonly actor?: Actor | null;
}

/** What became of a reload. `reason` says why the old policy stays, in lines for people. */
export type ReloadResult =
  | { readonly taken: true; readonly at: string; readonly policy: string; readonly restartNeeded: readonly string[] }
  | { readonly taken: false; readonly at: string; readonly policy: string; readonly reason: string };

export interface RelayStatus {
  readonly pid: number;
  /** Processes that accept and deliver, if that is not `pid` itself. */
  readonly workers: readonly number[];
  /** Version of the policy that new transactions get. */
  readonly policy: string;
  readonly rules: number;
  /** ISO 8601, like all times here. */
  readonly started: string;
  readonly loaded: string;
  /** `null`: there has been none since the start. */
  readonly lastReload: ReloadResult | null;
  readonly connections: number;
  readonly queue: StoreStatus;
  readonly listeners: Readonly<Record<string, string>>;
}

export interface Answers {
  status(): RelayStatus | Promise<RelayStatus>;
  reload(actor: Actor | null): Promise<ReloadResult>;
}

/** Reads one line from the socket; `null` if it is no question. */
export const readQuestion = (line: string): Question | null => {
  const value = parsed(line);
  if (!isObject(value) || (value.ask !== 'status' && value.ask !== 'reload')) return null;
  return { ask: value.ask, actor: readActor(value.actor) };
};

const parsed = (line: string): Json => {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** Narrows an answer; the relay and the command are of one version, so a look at its mark is enough. */
export const isReloadResult = (answer: unknown): answer is ReloadResult => isRecord(answer) && typeof answer.taken === 'boolean';

export const isRelayStatus = (answer: unknown): answer is RelayStatus =>
  isRecord(answer) && typeof answer.policy === 'string' && isRecord(answer.queue);
