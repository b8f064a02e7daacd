import { createSocket } from 'node:dgram';
import { connect, isIPv6 } from 'node:net';
import { LookupFailure } from './failure.ts';

export interface DnsServerAddress {
  readonly host: string;
  readonly port: number;
}

export interface DnsExchange<Reply> {
  readonly server: DnsServerAddress;
  readonly query: Buffer;
  /** `null` for a packet that is not the answer. */
  readonly read: (bytes: Buffer) => Reply | null;
  readonly signal: AbortSignal;
}

/** `192.0.2.1`, `192.0.2.1:53`, `2001:db8::1` or `[2001:db8::1]:53`. */
export const serverAddress = (text: string): DnsServerAddress => {
  const bracketed = /^\[(.+)\](?::(\d+))?$/.exec(text);
  const dotted = /^([^:]+):(\d+)$/.exec(text);
  const [, host = text, port = '53'] = bracketed ?? dotted ?? [];
  return { host, port: Number(port) };
};

/**
 * One query over UDP from its own port (RFC 5452 9.2), resent after `resend` milliseconds.
 * Waits until the signal aborts; rejects when the server cannot be reached.
 */
export const askUdp = <Reply>({ server, query, read, signal }: DnsExchange<Reply>, resend: number): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(server.host) ? 'udp6' : 'udp4');
    const send = (): void => socket.send(query, (error) => error && fail(error));
    const again = setTimeout(send, resend);
    const end = (): void => {
      clearTimeout(again);
      signal.removeEventListener('abort', giveUp);
      socket.close();
    };
    const fail = once((error: Error) => {
      end();
      reject(unreachable(server, error));
    });
    const giveUp = (): void => fail(new Error('given up'));
    signal.addEventListener('abort', giveUp, { once: true });
    socket.on('error', fail).on('message', (bytes) => {
      const reply = read(bytes);
      if (reply === null) return;
      end();
      resolve(reply);
    });
    socket.connect(server.port, server.host, (error?: Error) => (error ? fail(error) : send()));
  });

/** The same query over TCP, for answers that do not fit. RFC 7766. */
export const askTcp = <Reply>({ server, query, read, signal }: DnsExchange<Reply>): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host: server.host, port: server.port, signal });
    const answer = new TcpAnswer();
    socket.on('error', (error) => reject(unreachable(server, error)));
    socket.on('close', () => reject(unreachable(server, new Error('closed before the answer'))));
    socket.on('connect', () => socket.write(Buffer.concat([length(query), query])));
    socket.on('data', (chunk) => {
      const bytes = answer.append(chunk);
      if (bytes === null) return;
      const reply = read(bytes);
      if (reply !== null) resolve(reply);
      socket.destroy();
    });
  });

/** RFC 1035 4.2.2: two octets of length, then the message; assembled once, even from small chunks. */
class TcpAnswer {
  readonly #chunks: Buffer[] = [];
  #received = 0;
  #expected = 0;

  /** The message once it is complete. */
  append(chunk: Buffer): Buffer | null {
    this.#chunks.push(chunk);
    this.#received += chunk.length;
    if (this.#expected === 0 && this.#received >= 2) this.#expected = 2 + this.#all().readUInt16BE(0);
    return this.#expected > 0 && this.#received >= this.#expected ? this.#all().subarray(2, this.#expected) : null;
  }

  #all(): Buffer {
    return Buffer.concat(this.#chunks);
  }
}

const length = (query: Buffer): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(query.length);
  return bytes;
};

const unreachable = (server: DnsServerAddress, cause: Error): LookupFailure =>
  new LookupFailure('unreachable', `${server.host} port ${server.port}: ${cause.message}`, { cause });

const once = <Argument>(run: (argument: Argument) => void): ((argument: Argument) => void) => {
  let done = false;
  return (argument) => {
    if (done) return;
    done = true;
    run(argument);
  };
};
