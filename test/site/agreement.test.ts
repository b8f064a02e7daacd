import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { explain } from '../../src/site/explain/explain.ts';
import type { Explanation } from '../../src/site/explain/explanation.ts';
import { loaded, type RunningRelay, runRelay, type TempSite, tempSite } from '../kit/site.ts';
import { SmtpClient } from '../kit/smtp-client.ts';

/*
 * explain and serve give the same answers: random sessions are played over a socket and explained, and every
 * reply must be the same.
 */

const POLICY = `version: 1
lists:
  ours: { type: domain, values: [example.com] }
  refused: { type: address, values: [spam@example.net, "@bad.example"] }
grants:
  - { id: inbound, when: { recipient.domain: { in: ours } } }
  - { id: partner, when: { sender.domain: example.net, recipient.domain: example.org } }
rules:
  - { id: rude, on: helo, when: { helo.name: localhost }, then: { reject: "550 5.7.1 Who are you" } }
  - { id: mark, on: mail, when: { sender.domain: bad.example }, then: [{ set: { doubt: true } }, { score: 3 }] }
  - { id: refuse, on: mail, when: { sender.address: { in: refused }, sender.local: spam }, then: { reject: "550 5.7.1 Not from you" } }
  - { id: later, on: rcpt, when: { recipient.local: slow }, then: { defer: "450 4.2.1 Busy" } }
  - { id: alias, on: rcpt, when: { recipient.local: alias }, then: { rewrite_recipient: ann@example.com } }
  - { id: wrong-alias, on: rcpt, when: { recipient.local: away }, then: { rewrite_recipient: ann@elsewhere.example } }
  - { id: third, on: rcpt, when: { recipient.index: { gte: 2 } }, then: { reject: "550 5.5.3 Two are enough" } }
  - { id: together, on: data, when: { recipients: ann@example.com, grant: partner }, then: { reject: "554 5.7.1 Not these together" } }
  - { id: doubtful, on: data_post, when: { result.doubt: true, header.subject: { exists: false } }, then: { reject: "550 5.6.0 Subject missing" } }
  - { id: tag-it, on: data_post, when: { header.subject: { contains: offer } }, then: [{ tag: [offer] }, { add_header: { name: X-Offer, value: "yes" } }, { score: 2 }] }
  - { id: drop, on: queue, when: { tag: offer, score: { gte: 5 } }, then: discard }
  - { id: seen, on: queue, when: { header.x-offer: "yes", header.subject: { starts_with: big } }, then: { defer: "451 4.7.0 Not now" } }
routes:
  - { id: nowhere, to: "discard:" }
`;

interface Session {
  readonly helo: string;
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly subject: string | null;
}

const session: fc.Arbitrary<Session> = fc.record({
  helo: fc.constantFrom('localhost', 'mail.example.net', 'mail.example.net', 'mail.example.net'),
  sender: fc.constantFrom('', 'a@example.net', 'spam@example.net', 'spam@bad.example', 'b@bad.example', 'c@example.org'),
  recipients: fc.array(
    fc.constantFrom('ann@example.com', 'slow@example.com', 'alias@example.com', 'away@example.com', 'x@example.org', 'Bob@EXAMPLE.com'),
    { minLength: 1, maxLength: 4 },
  ),
  subject: fc.constantFrom(null, 'Hello', 'an offer', 'big offer'),
});

const messageOf = ({ subject }: Session): string =>
  [`From: a@example.net`, ...(subject === null ? [] : [`Subject: ${subject}`]), '', 'Hello!', ''].join('\r\n');

let site: TempSite;
let running: RunningRelay;
before(async () => {
  site = await tempSite({ 'rules/10-random.yaml': POLICY });
  running = await runRelay(site);
});
after(async () => {
  await running.relay.stop();
  await site.remove();
});

/** Replies as the socket gives them: up to the first refusal that ends the session. */
const played = async (one: Session): Promise<readonly string[]> => {
  const client = await SmtpClient.connect(running.address);
  await client.reply();
  const replies: string[] = [];
  const say = async (line: string): Promise<boolean> => {
    const { text, code } = await client.ask(line);
    replies.push(code < 400 ? 'go on' : text);
    return code < 400;
  };
  const talk = async (): Promise<void> => {
    if (!(await say(`EHLO ${one.helo}`)) || !(await say(`MAIL FROM:<${one.sender}>`))) return;
    const taken: boolean[] = [];
    for (const recipient of one.recipients) taken.push(await say(`RCPT TO:<${recipient}>`));
    if (taken.includes(true) && (await say('DATA'))) await say(`${messageOf(one)}.`);
  };
  await talk();
  client.destroy();
  return replies;
};

const HEARD: readonly string[] = ['helo', 'mail', 'rcpt', 'data'];

/** The same from the explanation: a recipient that was rewritten has one reply, whichever of its two judgements refused. */
const explained = ({ hooks }: Explanation, one: Session): readonly string[] => {
  const said = ({ verdict }: Explanation['hooks'][number]): string =>
    verdict?.code === undefined ? 'go on' : `${verdict.code} ${verdict.enhanced} ${verdict.text}`;
  const replies: string[] = [];
  for (const hook of hooks) {
    const rewritten = hook.hook === 'rcpt' && !one.recipients.includes(hook.recipient ?? '') && replies.at(-1) === 'go on';
    if (rewritten || (hook.hook === 'rcpt' && follows(hooks, hook))) replies[replies.length - 1] = said(hook);
    else if (HEARD.includes(hook.hook)) replies.push(said(hook));
  }
  const last = hooks.findLast(({ hook }) => hook === 'data_post' || hook === 'queue');
  return last ? [...replies, said(last)] : replies;
};

/** True of the second judgement of a recipient that an alias stands for: it names ann, and the one before was the alias. */
const follows = (hooks: Explanation['hooks'], hook: Explanation['hooks'][number]): boolean => {
  const before = hooks[hooks.indexOf(hook) - 1];
  return (
    before?.recipient === 'alias@example.com' &&
    before.verdict?.kind === 'accept' &&
    hook.recipient === 'ann@example.com' &&
    hook.rules.every(({ kind }) => kind === 'grant')
  );
};

test('every reply over the socket is the one that explain foretells', async () => {
  const known = loaded(site);
  await fc.assert(
    fc.asyncProperty(session, async (one) => {
      const given = new Map([
        ['client.ip', '127.0.0.1'],
        ['helo.name', one.helo],
        ['sender.address', one.sender === '' ? null : one.sender],
      ]);
      const script = { given, recipients: one.recipients, message: Buffer.from(messageOf(one)), now: Date.now() };
      assert.deepEqual(await played(one), explained(await explain(known, script, false), one));
    }),
    { numRuns: 150 },
  );
});
