import type { Logger } from 'pino';
import type { Actor } from '../../queue/actor.ts';
import type { AnsweredRequest } from '../../queue/administration.ts';
import { namedRecipients } from '../../transaction/identity.ts';
import type { DecisionLog } from './decision-log.ts';
import { recordIdentity } from './record-identity.ts';

/** What a person does to the relay, its queue or its users: the texts of the log. */
export const ACT_EVENTS = ['reload requested', 'stopping', 'queue operation', 'user added', 'password changed'] as const;

export type ActEvent = (typeof ACT_EVENTS)[number];

export interface ActLogs {
  readonly log: Logger;
  /** `null`: not open yet. */
  readonly decisions: DecisionLog | null;
  readonly now: () => number;
}

/** Into both logs. */
export const noteAct = ({ log, decisions, now }: ActLogs, event: ActEvent, fields: object): void => {
  log.info(fields, event);
  decisions?.write({ time: new Date(now()).toISOString(), event, ...fields });
};

/** Who a command says it acts for; nothing vouches for it. */
export const claimedBy = (actor: Actor | null): object =>
  actor === null ? {} : { claimedUser: actor.user, claimedUid: actor.uid, claimedSudoUser: actor.sudoUser };

/** A request of an operator. `uid` is that of the account that asked, as the system has it. */
export const requestFields = ({ id, action, result, record, actor, uid }: AnsweredRequest): object => {
  const open = record?.recipients.filter(({ status }) => status === 'open') ?? [];
  return {
    ...(record === null ? { queueId: id } : recordIdentity(record)),
    ...namedRecipients(open),
    operation: action,
    result,
    uid: uid ?? undefined,
    ...claimedBy(actor),
  };
};
