import type { FactValue } from '../../value.ts';

/** A session up to RCPT. */
export interface Session {
  /** Known from the start: `client.ip`, `listener`. */
  readonly connection: Readonly<Record<string, FactValue>>;
  /** Known from HELO on: `helo.name`, `tls.active`. */
  readonly client: Readonly<Record<string, FactValue>>;
  readonly user: string | null;
  /** `null`: the null sender. */
  readonly sender: string | null;
  readonly recipient: string;
  /** What look-ups find; absent if not named. */
  readonly found: ReadonlyMap<string, FactValue>;
}

/** What makes one session differ from an ordinary one. */
export interface Traits {
  readonly ip?: string;
  readonly listener?: string;
  readonly helo?: string;
  readonly encrypted?: boolean;
  readonly user?: string | null;
  readonly sender?: string | null;
  readonly recipient: string;
  readonly rdns?: string | null;
  readonly fcrdns?: boolean;
  readonly spf?: string;
  readonly listed?: ReadonlyMap<string, readonly string[]>;
}

/** A domain that no policy names. */
export const STRANGER = 'stranger-7f3a.net';

/** An address that no policy names. */
export const STRANGERS_ADDRESS = '93.45.67.89';

const encryption = (active: boolean): Readonly<Record<string, FactValue>> => ({
  'tls.active': active,
  'tls.version': active ? 'TLSv1.3' : null,
  'tls.cipher': active ? 'TLS_AES_256_GCM_SHA384' : null,
  'tls.sni': null,
  'tls.client_subject': null,
  'tls.client_fingerprint': null,
});

/** An ordinary client of the internet, whose DNS is in order and who is on no list, but for the traits named. */
export const sessionOf = (traits: Traits): Session => {
  const { ip = STRANGERS_ADDRESS, encrypted = true, sender = `news@${STRANGER}`, rdns = `mx.${STRANGER}` } = traits;
  const listener: Readonly<Record<string, FactValue>> = traits.listener === undefined ? {} : { listener: traits.listener };
  return {
    connection: { 'client.ip': ip, 'client.port': 50_000, 'client.early_talker': false, 'connection.id': 'lint', ...HOUR, ...listener },
    client: { 'helo.name': traits.helo ?? `mx.${STRANGER}`, 'helo.verb': 'EHLO', ...encryption(encrypted) },
    user: traits.user ?? null,
    sender,
    recipient: traits.recipient,
    found: new Map<string, FactValue>([
      ['client.rdns', rdns],
      ['client.fcrdns', traits.fcrdns ?? rdns !== null],
      ['spf.result', traits.spf ?? 'pass'],
      ['sender.resolvable', sender === null ? null : true],
      ...[...(traits.listed ?? [])].map(([list, codes]): [string, FactValue] => [`dnsbl.${list}`, codes]),
    ]),
  };
};

const HOUR = { 'time.hour': 12, 'time.weekday': 'wed', 'server.port': 25 } as const;
