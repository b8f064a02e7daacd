import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isIP } from 'node:net';
import type { Address } from '../config/address.ts';

/** What the pages tell. */
export interface AdminPages {
  /** Names that requests may be for. */
  readonly hosts: readonly string[];
  /** Every listener accepts and the relay is not stopping. */
  readonly ready: () => boolean;
  readonly metrics: () => Promise<string>;
}

export interface Admin {
  /** `host:port` or path, as bound. */
  readonly address: string;
  readonly close: () => void;
}

const say = (response: ServerResponse, status: number, text: string): void => {
  response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' });
  response.end(text);
};

const answer = async (path: string, pages: AdminPages, response: ServerResponse): Promise<void> => {
  if (path === '/healthz') say(response, 200, 'ok\n');
  else if (path === '/readyz') say(response, pages.ready() ? 200 : 503, pages.ready() ? 'ready\n' : 'not ready\n');
  else if (path === '/metrics') say(response, 200, await pages.metrics());
  else say(response, 404, 'not found\n');
};

/** `name:port` or `[::1]:port` without the port, in lower case. */
const hostOf = (host: string): string =>
  (/^\[(.*)\](?::\d+)?$/.exec(host)?.[1] ?? host.replace(/:\d+$/, '')).toLowerCase().replace(/\.$/, '');

/**
 * A page of somebody else, whose name was made to lead here, names itself (DNS rebinding); addresses cannot be made to
 * lead anywhere, and a client without `Host` is no browser. Nobody gets to a unix socket by a name.
 */
const isFor = (host: string | undefined, hosts: readonly string[]): boolean => {
  if (host === undefined) return true;
  const name = hostOf(host);
  return isIP(name) !== 0 || name === 'localhost' || hosts.some((own) => own.toLowerCase() === name);
};

const bound = (found: AddressInfo | string | null): string => {
  if (typeof found === 'string' || found === null) return found ?? '';
  return found.family === 'IPv6' ? `[${found.address}]:${found.port}` : `${found.address}:${found.port}`;
};

/** `/healthz`, `/readyz` and `/metrics` over HTTP. There is no password: the address decides who may look. Rejects if it cannot listen. */
export const openAdmin = (address: Address, pages: AdminPages): Promise<Admin> => {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return say(response, 405, 'method not allowed\n');
    if (address.kind === 'tcp' && !isFor(request.headers.host, pages.hosts)) return say(response, 421, 'not a name of this host\n');
    const [path = ''] = (request.url ?? '').split('?', 1);
    answer(path, pages, response).catch(() => say(response, 500, 'fault\n'));
  });
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(address.kind === 'unix' ? { path: address.path } : { host: address.host, port: address.port }, () =>
      resolve({ address: bound(server.address()), close }),
    );
  });
};
