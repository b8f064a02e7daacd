import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Host, Zone } from '../../kit/dns-server.ts';

export interface SpfCase {
  readonly suite: string;
  readonly name: string;
  readonly zone: Zone;
  readonly helo: string;
  readonly host: string;
  readonly mailfrom: string;
  readonly accepted: readonly string[];
}

interface SuiteCase {
  readonly helo: string;
  readonly host: string;
  readonly mailfrom: string;
  readonly result: string | readonly string[];
}

interface Suite {
  readonly description: string;
  readonly tests: Readonly<Record<string, SuiteCase>>;
  readonly zonedata: Readonly<Record<string, readonly SuiteRecord[]>>;
}

type Texts = string | readonly string[];
type SuiteRecord = 'TIMEOUT' | Readonly<Record<string, Texts | readonly [number, string]>>;

const FILE = join(process.env.RELAYCTL_CORPUS ?? '../shared/corpus', 'spf-rfc7208-tests.yml');

/** The cases of the openspf.org suite, or `null` where the corpus is not at hand. */
export const spfCases = (): readonly SpfCase[] | null => {
  if (!existsSync(FILE)) return null;
  return parseAllDocuments(readFileSync(FILE, 'utf8'), { uniqueKeys: false }).flatMap((document) => casesOf(document.toJS()));
};

const casesOf = ({ description, tests, zonedata }: Suite): readonly SpfCase[] => {
  const zone = zoneOf(zonedata);
  return Object.entries(tests).map(([name, { helo, host, mailfrom, result }]) => ({
    suite: description,
    name,
    zone,
    helo,
    host,
    mailfrom: mailfrom ?? '',
    accepted: [result].flat(),
  }));
};

const zoneOf = (zonedata: Suite['zonedata']): Zone =>
  Object.fromEntries(Object.entries(zonedata).map(([name, records]) => [name.toLowerCase(), hostOf(records)]));

const hostOf = (records: readonly SuiteRecord[]): Host => {
  const all = (type: string) => records.flatMap((record) => (record !== 'TIMEOUT' && type in record ? [record[type]] : []));
  const alias = all('CNAME')[0];
  return {
    A: all('A').flat().map(String),
    AAAA: all('AAAA').flat().map(String),
    PTR: all('PTR').flat().map(String),
    MX: all('MX').map((mx) => [Number(mx?.[0]), String(mx?.[1])] as const),
    TXT: texts(all('TXT').length > 0 ? all('TXT').filter((text) => text !== 'NONE') : all('SPF')),
    ...(alias === undefined ? {} : { CNAME: String(alias) }),
    ...(records.includes('TIMEOUT') ? { otherwise: 'TIMEOUT' as const } : {}),
  };
};

/** The suite writes octets above 127 as code points: one octet a character. */
const texts = (written: readonly (Texts | readonly [number, string] | undefined)[]): readonly (readonly Buffer[])[] =>
  written.map((text) => [text ?? []].flat().map((part) => Buffer.from(String(part), 'latin1')));
