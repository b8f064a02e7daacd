import type { Socket } from 'node:net';
import { type Proxied, readProxyHeader } from './proxy-header.ts';

/** Milliseconds a proxy has to send its header; it should do so immediately. */
const TIMEOUT = 5000;

export class ProxyHeaderError extends Error {}

/**
 * Reads the PROXY header from a socket; what follows stays for the next reader. Rejects with `ProxyHeaderError`
 * and destroys the socket if the header is malformed or late, or if the socket ends first.
 */
export const takeProxyHeader = (socket: Socket): Promise<Proxied> =>
  new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const timer = setTimeout(() => fail('no PROXY header in time'), TIMEOUT);
    const onGone = (): void => fail('connection ended before its PROXY header');

    const detach = (): void => {
      clearTimeout(timer);
      socket.off('readable', onReadable).off('close', onGone).off('end', onGone);
    };
    const fail = (reason: string): void => {
      detach();
      socket.destroy();
      reject(new ProxyHeaderError(reason));
    };
    const onReadable = (): void => {
      for (let chunk: unknown = socket.read(); Buffer.isBuffer(chunk); chunk = socket.read()) {
        bytes = Buffer.concat([bytes, chunk]);
        const read = readProxyHeader(bytes);
        if (read.kind === 'malformed') fail('malformed PROXY header');
        if (read.kind === 'header') found(read.proxied, bytes.subarray(read.length));
        if (read.kind !== 'incomplete') return;
      }
    };
    const found = (proxied: Proxied, rest: Buffer): void => {
      detach();
      if (rest.length > 0) socket.unshift(rest);
      resolve(proxied);
    };
    socket.on('readable', onReadable).on('close', onGone).on('end', onGone);
    socket.on('error', ignore);
  });

/** A socket error is handled by `close`, which follows. */
const ignore = (): void => undefined;
