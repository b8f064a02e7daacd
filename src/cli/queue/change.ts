import type { Command } from 'commander';
import type { AnsweredRequest, RequestResult } from '../../queue/administration.ts';
import type { QueueAction } from '../../queue/queue.ts';
import { requestFields } from '../../site/logs/acts.ts';
import { leaveAct } from '../../site/logs/acts-file.ts';
import { logged } from '../logged.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type Operation, queueOperation, working } from './operation.ts';

const EXPLAINED = {
  done: 'done',
  missing: 'no such message',
  busy: 'being delivered right now; try again',
  refused: 'not possible in its current state',
  failed: 'could not be written to disk',
  unanswered: 'the relay did not answer',
} as const satisfies Record<RequestResult, string>;

/** Does one thing to each message of the operation; 1 if any of them did not take it. */
export const change = async (action: QueueAction, { config, queue, ids, json, terminal }: Operation): Promise<number> => {
  const onAnswered = (request: AnsweredRequest): void =>
    logged(terminal, () => leaveAct(config, 'queue operation', requestFields(request)));
  const answers = await queue.act(ids, { action, onAnswered });
  const results = ids.map((id, index) => ({ id, answer: answers[index] ?? 'missing' }));
  if (json) terminal.out(`${JSON.stringify(results, null, 2)}\n`);
  else for (const { id, answer } of results) (answer === 'done' ? terminal.out : terminal.err)(`${id}: ${EXPLAINED[answer]}\n`);
  return results.every(({ answer }) => answer === 'done') ? 0 : 1;
};

const changing =
  (action: QueueAction, description: string) =>
  (terminal: Terminal): Command =>
    working(queueOperation(action, description).argument('<id...>', 'queue id, as in the 250 reply'), terminal, (operation) =>
      change(action, operation),
    );

export const holdCommand = changing('hold', 'Hold messages: no delivery attempts until they are released.');
export const releaseCommand = changing('release', 'Release held or quarantined messages.');
export const deleteCommand = changing('delete', 'Delete messages without notifying anyone.');
