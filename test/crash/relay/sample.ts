import { createHash } from 'node:crypto';

/** What the next hop has in mind for a recipient: takes it, at the second attempt, or never. */
export type Fate = 'ok' | 'later' | 'no';

export const DOMAINS = ['one.example', 'two.example', 'three.example'] as const;
export const SENDER_DOMAIN = 'back.example';

const seedOf = (id: string): Buffer => createHash('sha256').update(id).digest();

const fatesOf = (seed: Buffer): readonly Fate[] => {
  const lot = seed.readUInt8(0) % 10;
  if (lot < 5) return ['ok'];
  if (lot < 7) return ['ok', 'later', 'no'];
  if (lot < 8) return ['later'];
  if (lot < 9) return ['ok', 'ok'];
  return ['no'];
};

/** Addresses of this message, unlike those of any other: what happens to one tells which message it was. */
export const recipientsOf = (id: string): readonly string[] => {
  const seed = seedOf(id);
  return fatesOf(seed).map((fate, index) => `${fate}.${id}.${index}@${DOMAINS[seed.readUInt8(1 + index) % DOMAINS.length]}`);
};

export const senderOf = (id: string): string => `from.${id}@${SENDER_DOMAIN}`;

const isFate = (word: string | undefined): word is Fate => word === 'ok' || word === 'later' || word === 'no';

/** Message and fate of one of those addresses; `null` for an address of nobody's. */
export const addressed = (address: string): { readonly id: string; readonly fate: Fate } | null => {
  const [fate, id] = address.split('.');
  return isFate(fate) && id !== undefined ? { id, fate } : null;
};

const LINE = 70;

const linesFor = (seed: Buffer): number => {
  const lot = seed.readUInt8(9);
  if (lot < 4) return 4_000;
  return lot < 30 ? 400 : 5 + (lot % 60);
};

/** The same bytes for the same id, whoever asks: mostly small, some above what stays in memory, dots at the starts of lines. */
export const contentOf = (id: string): Buffer => {
  const seed = seedOf(id);
  const text = seed.toString('hex').padEnd(LINE, '=');
  const lines = Array.from({ length: linesFor(seed) }, (_, index) => `${index % 7 === 0 ? '.' : ''}${index} ${text}`);
  return Buffer.from(`From: <${senderOf(id)}>\r\nSubject: ${id}\r\n\r\n${lines.join('\r\n')}\r\n`);
};
