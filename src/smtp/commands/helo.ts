import { introduce as runHelo } from '../../transaction/connection.ts';
import { after, type Eventually } from '../../transaction/eventually.ts';
import { REPLIES } from '../../transaction/replies.ts';
import type { Helo } from '../../transaction/session-state.ts';
import { type Answer, answer, plainAnswer, refusal } from '../answer.ts';
import { endTransaction } from '../session/lifecycle.ts';
import type { SmtpSession } from '../session/session.ts';
import { offersAuth } from './auth.ts';
import { offersTls } from './starttls.ts';

/** RFC 5321 4.5.3.1.2 allows a domain 255 octets; address literals are shorter. */
const LONGEST = 255;

export const helo = (session: SmtpSession, argument: string): Eventually<Answer> => introduce(session, { verb: 'HELO', name: argument });

export const ehlo = (session: SmtpSession, argument: string): Eventually<Answer> => introduce(session, { verb: 'EHLO', name: argument });

/** One word, unless the site lets the client say more. */
const isName = (session: SmtpSession, said: string): boolean => !said.includes(' ') || session.concessions.looseHelo;

/**
 * RFC 5321 4.1.1.1. Expects one word; whether the name exists is for rules to check. An open transaction ends, as
 * after RSET. If a rule refuses, the client has not introduced itself.
 */
const introduce = (session: SmtpSession, said: Helo): Eventually<Answer> => {
  if (said.name === '' || said.name.length > LONGEST || !isName(session, said.name)) return answer(REPLIES.badArguments);
  return after(endTransaction(session), () =>
    after(runHelo(session, said), (outcome) => {
      if (outcome.kind === 'refuse') return refusal(outcome);
      return plainAnswer(250, said.verb === 'EHLO' ? extensions(session) : [session.settings.hostname]);
    }),
  );
};

const extensions = (session: SmtpSession): readonly string[] => {
  const { hostname, limits } = session.settings;
  return [
    hostname,
    'PIPELINING',
    `SIZE ${limits().messageSize}`,
    '8BITMIME',
    'CHUNKING',
    'SMTPUTF8',
    'ENHANCEDSTATUSCODES',
    'DSN',
    ...(offersTls(session) ? ['STARTTLS'] : []),
    ...(offersAuth(session) ? ['AUTH PLAIN LOGIN'] : []),
  ];
};
