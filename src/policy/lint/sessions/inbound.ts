import { candidates } from './candidates.ts';
import type { Played } from './play.ts';
import type { Rehearsal, RehearsedGrant } from './rehearsal.ts';
import type { Traits } from './session.ts';

/** A session in which an ordinary client delivers mail for somebody here. */
export interface InboundSession {
  readonly traits: Traits;
  readonly played: Played;
}

const MOST = 3;

/** Sessions of strangers whom a grant lets send to a recipient of the site. */
export function* inboundSessions(grant: RehearsedGrant, rehearsal: Rehearsal): Generator<InboundSession> {
  const { syntax, asks } = grant;
  if (![...asks].some((fact) => fact.startsWith('recipient.'))) return;
  const named = candidates([syntax.when, ...syntax.unless], { root: 'recipient.address', most: MOST }, rehearsal.reasoning);
  for (const recipient of named) {
    const traits = { recipient, ...openListener(rehearsal) };
    const played = grant.mayHold(traits) === true ? rehearsal.play(traits) : null;
    if (played?.accepted === true) yield { traits, played };
  }
}

const openListener = ({ surroundings }: Rehearsal): { readonly listener?: string } => {
  const open = surroundings?.listeners.find(({ authRequired }) => !authRequired);
  return open === undefined ? {} : { listener: open.name };
};
