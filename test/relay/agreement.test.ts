import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { FactValue } from '../../src/policy/value.ts';
import { explain } from '../../src/site/explain/explain.ts';
import type { ExplainedHook, Explanation } from '../../src/site/explain/explanation.ts';
import { loaded } from '../kit/site.ts';
import { SmtpClient } from '../kit/smtp-client.ts';
import { type RelayBed, relayBed } from './bed.ts';
import { stuffed } from './mail.ts';
import { policy, type Visit, visit } from './random-site.ts';

const messageOf = ({ kind }: Visit): string => `${kind === null ? '' : `X-Kind: ${kind}\r\n`}Subject: hello\r\n\r\nHello\r\n`;

/** Replies of the relay from the greeting to the last one this visitor gets. */
const visitRelay = async (address: string, visitor: Visit): Promise<readonly string[]> => {
  const client = await SmtpClient.connect(address);
  const replies: string[] = [];
  const ask = async (bytes: string | Buffer): Promise<boolean> => {
    client.raw(bytes);
    const { text } = await client.reply().catch(() => ({ text: '' }));
    if (text !== '') replies.push(text);
    return /^[23]/.test(text);
  };
  const talk = async (): Promise<void> => {
    if (!(await ask(`PROXY TCP4 ${visitor.ip} 192.0.2.25 40000 25\r\n`))) return;
    if (!(await ask(`EHLO ${visitor.helo}\r\n`)) || !(await ask(`MAIL FROM:<${visitor.sender}>\r\n`))) return;
    let taken = 0;
    for (const recipient of visitor.recipients) taken += Number(await ask(`RCPT TO:<${recipient}>\r\n`));
    if (taken > 0 && (await ask('DATA\r\n'))) await ask(stuffed(messageOf(visitor)));
  };
  await talk();
  client.destroy();
  return replies;
};

const explained = (bed: RelayBed, visitor: Visit): Promise<Explanation> => {
  const given = new Map<string, FactValue>([
    ['client.ip', visitor.ip],
    ['helo.name', visitor.helo],
    ['sender.address', visitor.sender === '' ? null : visitor.sender],
    ['listener', 'mx'],
  ]);
  const script = { given, recipients: visitor.recipients, message: Buffer.from(messageOf(visitor)), now: Date.now() };
  return explain(loaded(bed.site), script, false);
};

const FRIENDLY: Readonly<Record<string, string>> = {
  connect: '220 ',
  helo: '250 ',
  mail: '250 2.1.0 ',
  rcpt: '250 2.1.5 ',
  data: '354 ',
  data_post: '250 2.0.0 ',
  queue: '250 2.0.0 ',
};

/** How the reply at this hook begins if the explanation is true. */
const expectedAt = ({ hook, verdict }: ExplainedHook): string => {
  if (verdict?.kind === 'disconnect') return '421 ';
  return verdict?.code === undefined ? (FRIENDLY[hook] ?? '') : `${verdict.code} ${verdict.enhanced} ${verdict.text}`;
};

/** One reply answers both hooks behind the message. */
const expectedReplies = ({ hooks }: Explanation): readonly string[] => {
  const answered = hooks.filter(({ hook }) => hook in FRIENDLY);
  return answered.filter(({ hook }, index) => !(hook === 'data_post' && answered[index + 1]?.hook === 'queue')).map(expectedAt);
};

const agree = async (bed: RelayBed, visitor: Visit): Promise<void> => {
  const [replies, explanation] = await Promise.all([visitRelay(bed.address, visitor), explained(bed, visitor)]);
  const expected = expectedReplies(explanation);
  const story = `${JSON.stringify(visitor)}\n${replies.join('\n')}\nbut explained\n${expected.join('\n')}`;
  assert.equal(replies.length, expected.length, story);
  for (const [index, reply] of replies.entries()) assert.ok(reply.startsWith(expected[index] ?? ''), story);
  const { outcome, recipients } = explanation;
  const decisive = recipients.some(({ verdict }) => verdict === 'accept')
    ? (replies.at(-1) ?? '')
    : (replies.find((reply) => /^[45]/.test(reply)) ?? '');
  assert.ok(decisive.startsWith(`${outcome.code} ${outcome.enhanced} ${outcome.text}`), `${story}\noutcome ${JSON.stringify(outcome)}`);
};

const CONFIG = 'proxy_protocol: { from: [127.0.0.1] }';

const opened = (context: TestContext): Promise<RelayBed> =>
  relayBed(context, { config: CONFIG, routes: () => '- { id: none, to: "discard:" }' });

test('what explain says is what a client hears', async (context) => {
  const bed = await opened(context);
  const property = fc.asyncProperty(policy, fc.array(visit, { minLength: 3, maxLength: 3 }), async (written, visitors) => {
    await bed.site.write({ 'rules/10-policy.yaml': stringify(written) });
    const reload = await bed.relay.reload();
    assert.ok(reload.taken, JSON.stringify(reload));
    for (const visitor of visitors) await agree(bed, visitor);
  });
  await fc.assert(property, { seed: 20_261, numRuns: 60, includeErrorInReport: true });
});
