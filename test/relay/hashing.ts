import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

/** A next hop for one message, of which it keeps nothing but the hash of what begins at `Subject: large`. */
export class Hashing {
  readonly #server = createServer((socket) => this.#serve(socket));
  readonly #hash = createHash('sha256');
  readonly digest: Promise<string>;
  #finish: (digest: string) => void = () => undefined;
  #head: Buffer | null = Buffer.alloc(0);
  #tail = Buffer.alloc(0);

  constructor() {
    this.digest = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  /** The port. */
  async open(): Promise<number> {
    await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    const address = this.#server.address();
    return address !== null && typeof address === 'object' ? address.port : 0;
  }

  close(): void {
    this.#server.close();
  }

  #serve(socket: Socket): void {
    socket.write('220 hashing\r\n');
    let isData = false;
    socket.on('data', (bytes: Buffer) => {
      if (isData) {
        if (this.#take(bytes)) socket.end('250 2.0.0 hashed\r\n');
        return;
      }
      for (const line of bytes.toString().split('\r\n').filter(Boolean)) {
        isData ||= line === 'DATA';
        socket.write(isData ? '354 go\r\n' : '250 2.0.0 ok\r\n');
      }
    });
    socket.on('error', () => socket.destroy());
  }

  /** True when the final dot has come. */
  #take(bytes: Buffer): boolean {
    const all = Buffer.concat([this.#tail, this.#head === null ? bytes : this.#behindMark(bytes)]);
    const isLast = all.subarray(-5).toString() === '\r\n.\r\n';
    this.#hash.update(all.subarray(0, isLast ? all.length - 3 : Math.max(all.length - 5, 0)));
    this.#tail = isLast ? Buffer.alloc(0) : Buffer.from(all.subarray(-5));
    if (isLast) this.#finish(this.#hash.digest('hex'));
    return isLast;
  }

  /** Trace fields are small: kept until the mark has come. */
  #behindMark(bytes: Buffer): Buffer {
    const head = Buffer.concat([this.#head ?? Buffer.alloc(0), bytes]);
    const mark = head.indexOf('Subject: large\r\n');
    this.#head = mark < 0 ? head : null;
    return mark < 0 ? Buffer.alloc(0) : head.subarray(mark);
  }
}
