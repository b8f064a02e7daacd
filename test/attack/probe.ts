import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Target } from './target.ts';
import { CLIENTS } from './target.ts';

/** What other clients saw. Milliseconds. */
export interface ProbeResult {
  /** From NOOP to its reply. */
  readonly noops: number[];
  /** What of that the busiest process of the relay worked: the rest was other work of the machine. */
  readonly noopWork: number[];
  /** From the connection to the message standing with the next hop. */
  readonly deliveries: number[];
  readonly failures: string[];
}

const TIMEOUT = 10_000;
const NOOP_EVERY = 50;
const MESSAGE_EVERY = 700;

class Dialogue {
  readonly socket: Socket;
  #said = '';
  #wake: () => void = () => undefined;

  constructor(port: number, localAddress: string) {
    this.socket = connect({ host: '127.0.0.1', port, localAddress, noDelay: true });
    this.socket.on('error', () => this.#wake()).on('close', () => this.#wake());
    this.socket.on('data', (bytes) => {
      this.#said += bytes.toString('latin1');
      this.#wake();
    });
  }

  /** The last line of the next reply. */
  async reply(): Promise<string> {
    const late = Date.now() + TIMEOUT;
    for (;;) {
      const [whole, last] = /^(?:\d{3}-.*\r\n)*(\d{3} .*)\r\n/.exec(this.#said) ?? [];
      if (whole !== undefined && last !== undefined) {
        this.#said = this.#said.slice(whole.length);
        return last;
      }
      if (this.socket.destroyed || Date.now() > late) throw new Error(this.socket.destroyed ? 'the connection ended' : 'no reply');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async ask(line: string, expected: string): Promise<void> {
    if (line !== '') this.socket.write(`${line}\r\n`);
    const said = await this.reply();
    if (!said.startsWith(expected)) throw new Error(`${line.slice(0, 20)}: ${said}`);
  }
}

const patient = async (work: (dialogue: Dialogue) => Promise<void>, port: number, address: string): Promise<string | null> => {
  const dialogue = new Dialogue(port, address);
  try {
    await work(dialogue);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    dialogue.socket.destroy();
  }
};

let sent = 0;

const deliver = async (target: Target): Promise<string | null> => {
  const subject = `message ${++sent}`;
  const failed = await patient(
    async (dialogue) => {
      await dialogue.ask('', '220');
      await dialogue.ask('EHLO mx.client.example', '250');
      await dialogue.ask('MAIL FROM:<eve@client.example>', '250');
      await dialogue.ask('RCPT TO:<ann@example.com>', '250');
      await dialogue.ask('DATA', '354');
      const header = `From: eve@client.example\r\nTo: ann@example.com\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\nMessage-ID: <${sent}@client.example>`;
      await dialogue.ask(`${header}\r\nSubject: ${subject}\r\n\r\nhello\r\n.`, '250');
    },
    target.smtp,
    CLIENTS[1],
  );
  if (failed !== null) return failed;
  for (const late = Date.now() + TIMEOUT; Date.now() < late; await pause(5))
    if (target.hop.received.some(({ content }) => content.includes(`Subject: ${subject}\r\n`))) return null;
  return 'accepted and not delivered';
};

/** One client sends NOOP over one connection, another sends messages, each over a new one. */
export const probe = async (target: Target, seconds: number): Promise<ProbeResult> => {
  const seen: ProbeResult = { noops: [], noopWork: [], deliveries: [], failures: [] };
  const until = Date.now() + seconds * 1000;
  const asking = async (): Promise<void> => {
    while (Date.now() < until) {
      const failed = await patient(
        async (dialogue) => {
          await dialogue.ask('', '220');
          for (; Date.now() < until; await pause(NOOP_EVERY)) {
            const [asked, before] = [performance.now(), target.worked()];
            await dialogue.ask('NOOP', '250');
            seen.noops.push(performance.now() - asked);
            seen.noopWork.push(Math.max(...target.worked().map((now, process) => now - (before[process] ?? now))));
          }
        },
        target.smtp,
        CLIENTS[0],
      );
      if (failed !== null) seen.failures.push(`NOOP: ${failed}`);
      if (failed !== null) await pause(NOOP_EVERY);
    }
  };
  const writing = async (): Promise<void> => {
    for (; Date.now() < until; await pause(MESSAGE_EVERY)) {
      const began = performance.now();
      const failed = await deliver(target);
      if (failed === null) seen.deliveries.push(performance.now() - began);
      else seen.failures.push(`message: ${failed}`);
    }
  };
  await Promise.all([asking(), writing()]);
  return seen;
};

/** The greylist knows the client, caches are warm. */
export const warmUp = async (target: Target): Promise<void> => {
  for (const late = Date.now() + TIMEOUT; Date.now() < late; await pause(500)) if ((await deliver(target)) === null) return;
  throw new Error('the relay takes no mail, though nobody attacks it');
};
