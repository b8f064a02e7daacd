import type { Command } from 'commander';
import type { Act } from '../../queue/inbox.ts';
import { intervene } from '../../queue/operations.ts';
import type { QueueAction } from '../../queue/queue.ts';
import { actFields } from '../../site/audit/acts.ts';
import { leaveAct } from '../../site/audit/acts-file.ts';
import { logged } from '../logged.ts';
import type { Terminal } from '../terminal.ts';
import { type Operation, queueOperation, working } from './operation.ts';

const EXPLAINED = {
  done: 'done',
  missing: 'there is no such message',
  busy: 'it is being delivered right now; try again',
  refused: 'that makes no sense in its state',
  failed: 'the disk refused',
  unanswered: 'the relay did not answer',
} as const satisfies Record<Awaited<ReturnType<typeof intervene>>[number], string>;

/** Does one thing to each message of the operation; 1 if any of them did not take it. */
export const change = async (what: QueueAction, { config, path, ids, json, terminal }: Operation): Promise<number> => {
  const onAct = (act: Act): void => logged(terminal, () => leaveAct(config, 'queue operation', actFields(act)));
  const answers = await intervene(path, ids, { what, onAct });
  const results = ids.map((id, index) => ({ id, answer: answers[index] ?? 'missing' }));
  if (json) terminal.out(`${JSON.stringify(results, null, 2)}\n`);
  else for (const { id, answer } of results) (answer === 'done' ? terminal.out : terminal.err)(`${id}: ${EXPLAINED[answer]}\n`);
  return results.every(({ answer }) => answer === 'done') ? 0 : 1;
};

const changing =
  (what: QueueAction, description: string) =>
  (terminal: Terminal): Command =>
    working(queueOperation(what, description).argument('<id...>', 'as the 250 reply gave it'), terminal, (operation) =>
      change(what, operation),
    );

export const holdCommand = changing('hold', 'Keep messages from being tried until they are released.');
export const releaseCommand = changing('release', 'Let held or quarantined messages go on their way.');
export const deleteCommand = changing('delete', 'Throw messages away; nobody is told.');
