import type { LintedListener } from '../check.ts';
import { factConditionsOf } from '../guarded.ts';
import { candidates } from './candidates.ts';
import type { Played } from './play.ts';
import type { Rehearsal, RehearsedGrant } from './rehearsal.ts';
import { STRANGER, type Traits } from './session.ts';

/** A session of a user who has logged in, and how it ended. */
export interface UserSession {
  readonly traits: Traits;
  readonly played: Played;
}

const MOST = 3;

/** Sessions of users whom a grant lets send, those first in which they send as themselves. */
export function* userSessions(grant: RehearsedGrant, rehearsal: Rehearsal): Generator<UserSession> {
  const { asks } = grant;
  if (!asks.has('auth.user') && !asks.has('auth.method')) return;
  for (const traits of claims(grant, rehearsal)) {
    if (grant.mayHold(traits) !== true || grant.mayHold({ ...traits, user: null }) === true) continue;
    const played = rehearsal.play(traits);
    if (played?.accepted === true) yield { traits, played };
  }
}

/** Users, senders and recipients that may be what the grant asks for. */
const claims = (grant: RehearsedGrant, rehearsal: Rehearsal): readonly Traits[] => {
  const { syntax } = grant;
  const conditions = [syntax.when, ...syntax.unless];
  const named = (root: string): readonly string[] => candidates(conditions, { root, most: MOST }, rehearsal.reasoning);
  const recipients = [`someone@${STRANGER}`, ...named('recipient.address').slice(0, 1)];
  const others = [...named('sender.address'), `news@${STRANGER}`];
  const users = usersOf(
    grant,
    named('auth.user').filter((user) => user !== ''),
  );
  return listenersOf(rehearsal).flatMap((listener) =>
    users.flatMap((user) =>
      (user.includes('@') ? [user, ...others] : others).flatMap((sender) =>
        recipients.map((recipient) => ({ user, sender, recipient, ...(listener === null ? {} : { listener: listener.name }) })),
      ),
    ),
  );
};

/** Names that fit, and such as nobody has where the grant is for all users. */
const usersOf = (grant: RehearsedGrant, named: readonly string[]): readonly string[] =>
  namesUsers(grant) ? named : [...named, `user-7f3a@${STRANGER}`, 'user-7f3a'];

/** The grant is for users who are listed one by one. */
export const namesUsers = ({ syntax }: RehearsedGrant): boolean =>
  factConditionsOf(syntax).some(
    ({ fact, operators }) => fact === 'auth.user' && operators.some(({ operator }) => operator === 'eq' || operator === 'in'),
  );

const listenersOf = ({ surroundings }: Rehearsal): readonly (LintedListener | null)[] => {
  const all = surroundings?.listeners ?? [];
  return all.length === 0 ? [null] : [...all].sort((a, b) => Number(b.authRequired) - Number(a.authRequired));
};
