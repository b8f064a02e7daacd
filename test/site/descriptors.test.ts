import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { MAIN } from '../kit/main.ts';
import { nextHop } from '../kit/next-hop.ts';
import { CONFIG, tempSite } from '../kit/site.ts';
import { SmtpClient } from '../kit/smtp-client.ts';
import { until } from '../kit/until.ts';
import { relayPolicy } from './policies.ts';
import { sendMail } from './worker-relay.ts';

const noLimits = existsSync('/proc/self/limits') ? false : 'needs /proc';

test('with few descriptors, silent clients block neither mail nor delivery', { skip: noLimits }, async (t) => {
  const hop = await nextHop();
  const site = await tempSite({ 'config/relay.yaml': CONFIG, 'rules/10-relay.yaml': relayPolicy(hop.port) });
  const limited = ['-c', 'ulimit -n 220 && exec "$0" "$@"', process.execPath, ...MAIN, 'serve', '-c', site.config];
  const relay = spawn('sh', limited, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  relay.stderr.on('data', (said: Buffer) => (log += said.toString()));
  const silent: Socket[] = [];
  t.after(async () => {
    for (const socket of silent) socket.destroy();
    relay.kill('SIGKILL');
    if (relay.exitCode === null && relay.signalCode === null) await once(relay, 'exit');
    await hop.close();
    await site.remove();
  });
  const [line] = await once(createInterface({ input: relay.stdout }), 'line');
  const [, port = ''] = /mx=127\.0\.0\.1:(\d+)/.exec(String(line)) ?? assert.fail(String(line));
  for (let one = 0; one < 300; one++) {
    const socket = connect({ host: '127.0.0.1', port: Number(port), localAddress: `127.0.${60 + (one % 10)}.1` });
    silent.push(socket.on('error', () => socket.destroy()).resume());
  }
  const delivered = async (subject: string): Promise<boolean> => {
    try {
      const client = await SmtpClient.connect(`127.0.0.1:${port}`);
      await client.reply();
      await client.ask('EHLO client.example.net');
      const reply = await sendMail(client, subject);
      client.destroy();
      return reply.startsWith('250');
    } catch {
      return false;
    }
  };
  for (const subject of ['one', 'two', 'three']) await until(() => delivered(subject), `${subject} is accepted`);
  await until(() => hop.received.length >= 3, 'they are delivered');
  assert.doesNotMatch(log, /EMFILE/);
});
