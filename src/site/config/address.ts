import { BlockList, isIP } from 'node:net';

/** Where a socket listens. Port 0 takes any free one. */
export type Address =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

const SHAPE = /^(?:\[(?<v6>[0-9A-Fa-f:.]+)\]|(?<host>[A-Za-z0-9.-]+)):(?<port>\d{1,5})$/;

/** Reads `127.0.0.1:2525`, `[::1]:2525`, `localhost:2525` or `unix:/run/relay.sock`; `null` for anything else. */
export const readAddress = (text: string): Address | null => {
  if (text.startsWith('unix:')) return text.length > 5 ? { kind: 'unix', path: text.slice(5) } : null;
  const { v6, host, port } = SHAPE.exec(text)?.groups ?? {};
  const number = Number(port);
  if (port === undefined || number > 65535) return null;
  if (v6 !== undefined) return isIP(v6) === 6 ? { kind: 'tcp', host: v6, port: number } : null;
  if (host === undefined || (/^[\d.]+$/.test(host) && isIP(host) !== 4)) return null;
  return { kind: 'tcp', host, port: number };
};

/** The form in which people write it. */
export const writeAddress = (address: Address): string => {
  if (address.kind === 'unix') return `unix:${address.path}`;
  return `${isIP(address.host) === 6 ? `[${address.host}]` : address.host}:${address.port}`;
};

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Nobody outside this host can reach it. A name other than `localhost` could be anywhere. */
export const isLoopback = (address: Address): boolean => {
  if (address.kind === 'unix' || address.host === 'localhost') return true;
  const family = isIP(address.host);
  return family !== 0 && LOOPBACK.check(address.host, family === 6 ? 'ipv6' : 'ipv4');
};
