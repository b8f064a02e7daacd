import { Readable } from 'node:stream';
import { LookupFailure } from '../../src/lookup/failure.ts';
import type { DkimResults } from '../../src/policy/services.ts';
import type { DnsServer } from './dns-server.ts';
import { lookupsWith } from './lookups.ts';

/** A TXT record as a zone holds it: strings of at most 255 octets. */
export const textRecord = (text: string): readonly string[] => text.match(/.{1,255}/gs) ?? [''];

/** What the relay finds of the signatures of a message (latin1), asking `server`; a temporary error as the word. */
export const dkimOf = async (server: DnsServer, message: string | Buffer): Promise<DkimResults> => {
  const bytes = typeof message === 'string' ? Buffer.from(message, 'latin1') : message;
  const lookups = lookupsWith({ dns: { servers: [server.address], timeout: 2000 } });
  const content = { text: async () => null, html: async () => null, attachments: async () => [] };
  const { mail } = lookups.forTransaction({ message: () => Readable.from([bytes]), content });
  return mail.dkim(AbortSignal.timeout(600_000)).catch((error: unknown) => {
    if (error instanceof LookupFailure && error.kind === 'temporary error') return { result: 'temperror', domains: [] };
    throw error;
  });
};
