import { isIPv4, isIPv6, SocketAddress } from 'node:net';

interface Address {
  readonly ip: string;
  readonly port: number;
}

/**
 * The connection as the proxy saw it. `null`: the proxy's own (LOCAL), so the socket's addresses apply. `unknown`: the
 * proxy could not tell the client's address (UNKNOWN, AF_UNSPEC); using the proxy's instead would be wrong.
 */
export type Proxied = { readonly client: Address; readonly server: Address } | 'unknown' | null;

/** What the first bytes of a connection turned out to be. */
export type ProxyHeader =
  | { readonly kind: 'incomplete' }
  | { readonly kind: 'malformed' }
  /** `length` bytes were the header; what follows is the client's. */
  | { readonly kind: 'header'; readonly proxied: Proxied; readonly length: number };

const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const INCOMPLETE: ProxyHeader = { kind: 'incomplete' };
const MALFORMED: ProxyHeader = { kind: 'malformed' };
/** The longest line version 1 can have, CR LF included (PROXY protocol 2.1). */
const LONGEST_V1 = 107;
/** Version 2 may carry TLVs; real headers stay well below this. */
const LONGEST_V2 = 4096;

/** Reads what has arrived of a PROXY protocol header, version 1 or 2. */
export const readProxyHeader = (bytes: Buffer): ProxyHeader => {
  const common = Math.min(bytes.length, SIGNATURE.length);
  if (bytes.compare(SIGNATURE, 0, common, 0, common) === 0) return bytes.length < 16 ? INCOMPLETE : readBinary(bytes);
  return readText(bytes);
};

const readText = (bytes: Buffer): ProxyHeader => {
  const end = bytes.subarray(0, LONGEST_V1).indexOf('\r\n');
  if (end < 0) return bytes.length >= LONGEST_V1 || !startsLikeText(bytes) ? MALFORMED : INCOMPLETE;
  const length = end + 2;
  const [word, family, client, server, clientPort, serverPort, ...more] = bytes.toString('latin1', 0, end).split(' ');
  if (word !== 'PROXY' || family === undefined) return MALFORMED;
  if (family === 'UNKNOWN') return { kind: 'header', proxied: 'unknown', length };
  const isAddress = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isIPv6 : null;
  const [from, to] = [parsePort(clientPort), parsePort(serverPort)];
  if (isAddress === null || client === undefined || server === undefined || from === null || to === null || more.length > 0)
    return MALFORMED;
  if (!isAddress(client) || !isAddress(server) || `${client}${server}`.includes('%')) return MALFORMED;
  return {
    kind: 'header',
    proxied: { client: { ip: client.toLowerCase(), port: from }, server: { ip: server.toLowerCase(), port: to } },
    length,
  };
};

const startsLikeText = (bytes: Buffer): boolean => 'PROXY '.startsWith(bytes.toString('latin1', 0, 6));

const parsePort = (text: string | undefined): number | null => {
  const port = text !== undefined && /^(?:0|[1-9]\d{0,4})$/.test(text) ? Number(text) : 65_536;
  return port < 65_536 ? port : null;
};

/** PROXY protocol 2.2: version and command, family and transport, length, addresses, TLVs. */
const readBinary = (bytes: Buffer): ProxyHeader => {
  const [version, command] = [bytes.readUInt8(12) >> 4, bytes.readUInt8(12) & 15];
  const family = bytes.readUInt8(13);
  const length = 16 + bytes.readUInt16BE(14);
  if (version !== 2 || command > 1 || length > LONGEST_V2) return MALFORMED;
  if (bytes.length < length) return INCOMPLETE;
  if (command === 0) return { kind: 'header', proxied: null, length };
  const body = bytes.subarray(16, length);
  if (family === 0x11) return body.length < 12 ? MALFORMED : { kind: 'header', proxied: addresses(body, 4), length };
  if (family === 0x21) return body.length < 36 ? MALFORMED : { kind: 'header', proxied: addresses(body, 16), length };
  return { kind: 'header', proxied: 'unknown', length };
};

const addresses = (body: Buffer, size: 4 | 16): { readonly client: Address; readonly server: Address } => ({
  client: { ip: formatAddress(body.subarray(0, size)), port: body.readUInt16BE(2 * size) },
  server: { ip: formatAddress(body.subarray(size, 2 * size)), port: body.readUInt16BE(2 * size + 2) },
});

const formatAddress = (bytes: Buffer): string => {
  if (bytes.length === 4) return [...bytes].join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16));
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
};
