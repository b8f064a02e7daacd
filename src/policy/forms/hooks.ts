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

const ATTEMPTED = 'None is left to give: effects only.';
const INSTEAD_OF_GREETING = 'Said in place of the greeting; the client may then only QUIT.';
const WHOLE_MESSAGE = 'The reply to the message, for all its recipients. `discard` and `quarantine` answer 250.';

export const HOOK_DOCS: Readonly<Record<Hook, HookDoc>> = {
  connect_init: {
    runs: 'A connection was accepted; nothing has been looked up.',
    verdict: INSTEAD_OF_GREETING,
    undecided: 'On to `lookup_rdns`.',
  },
  lookup_rdns: {
    runs: 'Before anybody asks for the reverse name of the client: `rdns` gives one, or skips the look-up.',
    verdict: INSTEAD_OF_GREETING,
    undecided: 'The name is looked up when a rule asks for it.',
  },
  connect: { runs: 'Before the greeting, after `greeting_pause`.', verdict: INSTEAD_OF_GREETING, undecided: '220.' },
  helo: {
    runs: 'HELO or EHLO; so again after STARTTLS, which forgets what rules have set since the greeting.',
    verdict: 'The reply. The client has not introduced itself, and may try again.',
    undecided: '250.',
  },
  auth: {
    runs: 'Credentials were checked, and found right or wrong.',
    verdict: 'The reply; a right password does not count then. `accept` makes no wrong one right.',
    undecided: 'The result of the check: 235 or 535.',
  },
  mail: { runs: 'MAIL FROM.', verdict: 'The reply; no transaction begins.', undecided: '250.' },
  rcpt: {
    runs: 'RCPT TO, once for each recipient: grants first, then rules.',
    verdict: 'The reply to this recipient. `accept` lets nobody in whom no grant lets in.',
    undecided: 'With a grant 250. Without, 550 5.7.1, or 451 4.7.1 if a grant is unknown.',
  },
  data: {
    runs: 'DATA, before 354.',
    verdict: 'The reply in place of 354: the message is never sent, the transaction is over.',
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
    verdict: 'None to give; `hold` puts the attempt off.',
    undecided: 'The first route that holds. Mail waits if a route is unknown, or none holds.',
  },
  delivered: { runs: 'An attempt has ended well, for this recipient.', verdict: ATTEMPTED, undecided: 'It is recorded.' },
  deferred: {
    runs: 'An attempt has ended with 4yz, or reached nobody.',
    verdict: 'Effects only; `hold` puts off the next attempt.',
    undecided: 'The next attempt comes by `delivery.retry`.',
  },
  bounce: {
    runs: 'The recipient has failed: 5yz, or `delivery.lifetime` is over.',
    verdict: 'Effects only; `dsn` says what the sender gets.',
    undecided: 'A DSN to the sender. Never one to the null sender.',
  },
  reset: {
    runs: 'A transaction is over: its message was answered, it was reset or refused, or the client is gone.',
    verdict: ATTEMPTED,
    undecided: 'Its facts are forgotten.',
  },
  disconnect: { runs: 'A connection is over.', verdict: ATTEMPTED, undecided: 'Its facts are forgotten.' },
};
