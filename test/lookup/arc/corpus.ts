import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { Zone } from '../../kit/dns-server.ts';

/** One document of the public ARC suites: cases by name, and the keys that they need. */
export interface ArcSuite<Case> {
  readonly description: string;
  readonly tests: Readonly<Record<string, Case>>;
  readonly 'txt-records': Readonly<Record<string, string>>;
}

/** `null` where the corpus is not at hand. */
export const readArcSuites = <Case>(name: string): readonly ArcSuite<Case>[] | null => {
  const file = join(process.env.RELAYCTL_CORPUS ?? '../shared/corpus', name);
  return existsSync(file) ? parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS()) : null;
};

/** Its keys as a name server publishes them, in strings of 255 octets. */
export const keyZone = ({ 'txt-records': records }: ArcSuite<unknown>): Zone =>
  Object.fromEntries(Object.entries(records).map(([name, text]) => [name.toLowerCase(), { TXT: [text.match(/.{1,255}/gs) ?? ''] }]));
