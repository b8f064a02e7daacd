import type { Answer } from 'dns-packet';

export const NXDOMAIN = 'NXDOMAIN';
export const SERVFAIL = 'SERVFAIL';
export const REFUSED = 'REFUSED';

type Rcode = 'NOERROR' | typeof NXDOMAIN | typeof SERVFAIL | typeof REFUSED | 'TIMEOUT';
type Text = string | Buffer;

/** What a name holds, and how the server behaves when asked for it. Seconds and milliseconds as DNS and timers have them. */
export interface Host {
  readonly A?: readonly string[];
  readonly AAAA?: readonly string[];
  readonly MX?: readonly (readonly [preference: number, exchange: string])[];
  /** One record an entry; a record of several strings is an array. */
  readonly TXT?: readonly (Text | readonly Text[])[];
  readonly PTR?: readonly string[];
  readonly CNAME?: string;
  /** Seconds. 300 unless told. */
  readonly ttl?: number;
  /** What becomes of a type this host does not hold. */
  readonly otherwise?: Rcode;
  /** What becomes of every query for this name. */
  readonly always?: Rcode;
  /** Milliseconds before the answer. */
  readonly delay?: number;
  /** Over UDP the answer has the truncation bit and no record. */
  readonly truncate?: boolean;
}

/** Names in lower case without the final dot. There are no wildcards. */
export type Zone = Readonly<Record<string, Host>>;

export interface Reply {
  readonly rcode: Rcode;
  readonly answers: readonly Answer[];
  readonly delay: number;
  readonly truncate?: boolean;
  readonly negativeTtl: number;
}

const recordsOf = (name: string, host: Host, type: string): readonly Answer[] => {
  const ttl = host.ttl ?? 300;
  switch (type) {
    case 'A':
      return (host.A ?? []).map((data) => ({ type: 'A', name, ttl, data }));
    case 'AAAA':
      return (host.AAAA ?? []).map((data) => ({ type: 'AAAA', name, ttl, data }));
    case 'PTR':
      return (host.PTR ?? []).map((data) => ({ type: 'PTR', name, ttl, data }));
    case 'MX':
      return (host.MX ?? []).map(([preference, exchange]) => ({ type: 'MX', name, ttl, data: { preference, exchange } }));
    case 'TXT':
      return (host.TXT ?? []).map((text) => ({
        type: 'TXT',
        name,
        ttl,
        data: typeof text === 'string' || Buffer.isBuffer(text) ? text : [...text],
      }));
    default:
      return [];
  }
};

/** What the zone says about a question; a CNAME is followed, as a recursive server does. */
export const answersFor = (zone: Zone, name: string, type: string): Reply => {
  const host = zone[name];
  if (host === undefined) return { rcode: NXDOMAIN, answers: [], delay: 0, negativeTtl: 60 };
  const common = { delay: host.delay ?? 0, truncate: host.truncate ?? false, negativeTtl: host.ttl ?? 60 };
  if (host.always !== undefined) return { ...common, rcode: host.always, answers: [] };
  if (host.CNAME !== undefined) {
    const target = answersFor(zone, host.CNAME.toLowerCase(), type);
    const alias: Answer = { type: 'CNAME', name, ttl: host.ttl ?? 300, data: host.CNAME };
    return { ...target, answers: [alias, ...target.answers] };
  }
  const answers = recordsOf(name, host, type);
  return { ...common, rcode: answers.length > 0 ? 'NOERROR' : (host.otherwise ?? 'NOERROR'), answers };
};
