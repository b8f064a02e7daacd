import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import tls from 'node:tls';
import type { ClientAction } from '../../grammar/session.ts';
import type { Random } from '../../random.ts';

/** Milliseconds to wait for a reply that may never come. */
const LISTEN = 80;

/** A line of a reply. */
const REPLY = /^\d{3}[ -]\P{Cc}*$/u;

/** Plays a session to its end; what the relay said before TLS must be replies. */
export class FuzzClient {
  #socket: net.Socket;
  #heard = '';
  #secured = false;

  private constructor(socket: net.Socket) {
    this.#socket = socket;
    this.#attend(socket);
  }

  static async connect(port: number, from: string): Promise<FuzzClient> {
    const socket = net.connect({ port, host: '127.0.0.1', localAddress: from });
    await once(socket, 'connect');
    return new FuzzClient(socket);
  }

  async play(steps: readonly ClientAction[], random: Random): Promise<void> {
    for (const step of steps) {
      if (this.#socket.destroyed || !this.#socket.writable) break;
      await this.#take(step, random);
    }
    await this.#listen();
    this.#socket.destroy();
  }

  /** Lines that are no replies. */
  get nonsense(): readonly string[] {
    return this.#heard
      .split('\r\n')
      .slice(0, -1)
      .filter((line) => !REPLY.test(line));
  }

  #attend(socket: net.Socket): void {
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes: Buffer) => {
      if (!this.#secured) this.#heard += bytes.toString();
    });
  }

  async #take(step: ClientAction, random: Random): Promise<void> {
    if (step.do === 'listen') await this.#listen();
    else if (step.do === 'write') await this.#write(Buffer.from(step.text, 'latin1'), random);
    else if (step.do === 'end') this.#socket.end();
    else if (step.do === 'reset') this.#reset();
    else await this.#secure(step.garbage);
  }

  /** In one piece or in several. */
  async #write(bytes: Buffer, random: Random): Promise<void> {
    const cuts = random.chance(0.8) ? [] : random.several(1, 5, () => random.int(bytes.length + 1)).sort((one, other) => one - other);
    let from = 0;
    for (const to of [...cuts, bytes.length]) {
      this.#socket.write(bytes.subarray(from, to));
      from = to;
      if (cuts.length > 0) await pause(1);
    }
  }

  /** Until something was said since, or for a moment. */
  async #listen(): Promise<void> {
    const before = this.#heard.length;
    for (let waited = 0; waited < LISTEN && this.#heard.length === before && !this.#socket.destroyed; waited += 5) await pause(5);
  }

  #reset(): void {
    if (this.#socket instanceof tls.TLSSocket) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
  }

  async #secure(garbage: string): Promise<void> {
    if (this.#secured || !/(?:^|\r\n)220 /.test(this.#heard.slice(-60))) return;
    this.#secured = true;
    if (garbage !== '') {
      this.#socket.write(Buffer.from(garbage, 'latin1'));
      return;
    }
    this.#socket.removeAllListeners('data');
    const secured = tls.connect({ socket: this.#socket, rejectUnauthorized: false });
    this.#socket = secured;
    this.#attend(secured);
    await Promise.race([once(secured, 'secureConnect').catch(() => undefined), pause(1_000)]);
  }
}
