import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { FactValue } from '../../../src/policy/value.ts';
import { loadSiteToProve, type Site } from '../../../src/site/loading/load.ts';
import type { Proof } from '../../../src/site/proof/proof.ts';
import { proveSite } from '../../../src/site/proof/prove-site.ts';
import { nextHop } from '../../kit/next-hop.ts';
import { CONFIG, loaded, runRelay, type TempSite, tempSite } from '../../kit/site.ts';
import { SmtpClient } from '../../kit/smtp-client.ts';
import { until } from '../../kit/until.ts';
import { OPEN_RELAYS, type ProvedSite, TIGHT_SITES } from './catalogue.ts';

const configured = (more = ''): string => `${CONFIG}${more}policies: [rules/a.yaml]\n`;

const written = ({ policy }: ProvedSite, port: number): Promise<TempSite> =>
  tempSite({ 'config/relay.yaml': configured(), 'rules/a.yaml': policy.replace('PORT', String(port)) });

/** Lint refuses most of these sites; whether they relay is shown all the same. */
const loosely = ({ config }: TempSite): Site => {
  const { site, diagnostics } = loadSiteToProve(config);
  assert.ok(site, JSON.stringify(diagnostics));
  return site;
};

const openRelayProofs = (site: Site): Promise<readonly Proof[]> =>
  proveSite(site, { milliseconds: 300_000, without: ['postmaster-reachable', 'null-sender-reaches-somebody'] });

const said = (value: FactValue | undefined): string => (typeof value === 'string' ? value : '');

/** Says over a socket what the session says; the address of the client comes in a PROXY header. */
const relayOver = async (address: string, session: NonNullable<Proof['session']>): Promise<void> => {
  const client = await SmtpClient.connect(address);
  client.send(`PROXY TCP4 ${said(session.get('client.ip'))} 192.0.2.25 4000 25`);
  assert.equal((await client.reply()).code, 220);
  const lines = [
    `EHLO ${said(session.get('helo.name')) || 'client.example'}`,
    `MAIL FROM:<${said(session.get('sender.address'))}>`,
    `RCPT TO:<${said(session.get('recipient.address'))}>`,
    'DATA',
    'Subject: relayed\r\n\r\nHello.\r\n.',
  ];
  for (const line of lines) {
    client.send(line);
    const reply = await client.reply();
    assert.ok(reply.code < 400, `${line}: ${reply.text}`);
  }
  client.socket.destroy();
};

suite('open relays', () => {
  for (const one of OPEN_RELAYS)
    test(`${one.name}: refuted, and the session relays over a socket`, async () => {
      const hop = await nextHop();
      const files = await written(one, hop.port);
      try {
        const refuted = (await openRelayProofs(loosely(files))).find(({ result }) => result === 'refuted');
        assert.ok(refuted?.session, 'not refuted');
        await files.write({ 'config/relay.yaml': configured('proxy_protocol: { from: [127.0.0.1] }\n') });
        const running = await runRelay(files, {}, loosely(files));
        try {
          await relayOver(running.address, refuted.session);
          await until(() => hop.received.length === 1, 'the message at the next hop');
          assert.deepEqual(
            hop.received[0]?.rcpt.map((line) => line.toLowerCase().includes(said(refuted.session?.get('recipient.address')))),
            [true],
          );
        } finally {
          await running.relay.stop();
        }
      } finally {
        await files.remove();
        await hop.close();
      }
    });
});

suite('sites that let no stranger relay', () => {
  for (const one of TIGHT_SITES)
    test(`${one.name}: proved`, async () => {
      const files = await written(one, 2525);
      try {
        const proofs = await openRelayProofs(loaded(files));
        assert.deepEqual(
          proofs.filter(({ result }) => result !== 'proved'),
          [],
        );
      } finally {
        await files.remove();
      }
    });
});
