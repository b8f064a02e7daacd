import type { Hook } from '../hook.ts';

/** What the reference and the editor say about a hook. */
export interface HookDoc {
  /** When it runs. */
  readonly runs: string;
  /** What a verdict does there. */
  readonly verdict: string;
  /** What happens if nothing decides. */
  readonly undecided: string;
}

const ATTEMPTED = 'No verdict possible: effects only.';
const INSTEAD_OF_GREETING = 'Sent instead of the greeting; the client may then only QUIT.';
const WHOLE_MESSAGE = 'The reply to the message, for all its recipients. `discard` and `quarantine` reply 250.';

export const HOOK_DOCS: Readonly<Record<Hook, HookDoc>> = {
  connect_init: {
    runs: 'After a connection is accepted, before any look-up.',
    verdict: INSTEAD_OF_GREETING,
    undecided: 'On to `lookup_rdns`.',
  },
  lookup_rdns: {
    runs: 'Before the reverse DNS name of the client is looked up: `rdns` supplies one, or skips the look-up.',
    verdict: INSTEAD_OF_GREETING,
    undecided: 'The name is looked up when a rule asks for it.',
  },
  connect: { runs: 'Before the greeting, after `greeting_pause`.', verdict: INSTEAD_OF_GREETING, undecided: '220.' },
  helo: {
    runs: 'HELO or EHLO; so again after STARTTLS, which forgets what rules have set since the greeting.',
    verdict: 'The reply. The HELO does not count, nor what rules set for it, except the score; the client may try again.',
    undecided: '250.',
  },
  auth: {
    runs: 'After credentials are checked, whether correct or not.',
    verdict: 'The reply; even a correct password then fails. `accept` does not make a wrong one pass.',
    undecided: 'The result of the check: 235 or 535.',
  },
  mail: { runs: 'MAIL FROM.', verdict: 'The reply; no transaction begins.', undecided: '250.' },
  rcpt: {
    runs: 'RCPT TO, once for each recipient: grants first, then rules.',
    verdict: 'The reply to this recipient. `accept` does not replace a grant.',
    undecided: 'With a grant 250. Without, 550 5.7.1, or 451 4.7.1 if a grant is unknown.',
  },
  data: {
    runs: 'DATA, before 354.',
    verdict: 'The reply instead of 354: no message is sent, and the transaction ends.',
    undecided: '354.',
  },
  data_post: {
    runs: 'The message is complete.',
    verdict: `${WHOLE_MESSAGE} \`queue\` does not run after any of them; \`accept\` goes on to it.`,
    undecided: 'On to `queue`.',
  },
  queue: { runs: 'Before the message is made durable.', verdict: WHOLE_MESSAGE, undecided: 'Queued, and 250 once it is durable.' },
  get_mx: {
    runs: 'Before each attempt, once for each recipient: rules, then routes.',
    verdict: 'No verdict possible; `hold` delays the attempt.',
    undecided: 'The first route that holds. Mail waits if a route is unknown, or none holds.',
  },
  delivered: { runs: 'After a successful attempt for this recipient.', verdict: ATTEMPTED, undecided: 'It is recorded.' },
  deferred: {
    runs: 'After an attempt that ended with 4xx or found no reachable host.',
    verdict: 'Effects only; `hold` delays the next attempt.',
    undecided: 'The next attempt follows `delivery.retry`.',
  },
  bounce: {
    runs: 'After delivery to the recipient failed: 5xx, or `delivery.lifetime` expired.',
    verdict: 'Effects only; `dsn` sets what the sender receives.',
    undecided: 'A DSN to the sender. Never one to the null sender.',
  },
  reset: {
    runs: 'After a transaction ends: message answered, reset or rejected, or client disconnected.',
    verdict: ATTEMPTED,
    undecided: 'Its facts are forgotten.',
  },
  disconnect: { runs: 'After a connection ends.', verdict: ATTEMPTED, undecided: 'Its facts are forgotten.' },
};
