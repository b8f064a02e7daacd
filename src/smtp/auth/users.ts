import { hash, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { CheckQueue } from './check-queue.ts';
import type { Credentials, Waiting } from './logins.ts';

/*
 * Passwords are kept as scrypt hashes (RFC 7914) with a salt each, the cost written beside, so that it can
 * be raised for new ones: `$scrypt$ln=15,r=8,p=1$<salt>$<hash>`, both in base64 without padding. A name
 * nobody has costs the same time as a wrong password.
 */

interface Cost {
  /** Binary logarithm of N. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

interface ParsedHash extends Cost {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** 32 MiB and some 60 ms. */
const COST: Cost = { ln: 15, r: 8, p: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** A hash somebody wrote by hand must not take the machine's memory, nor its time: bytes, and blocks mixed. */
const MOST_MEMORY = 256 * 1024 * 1024;
const MOST_WORK = 2 ** 22;
const FORMAT = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,})\$([A-Za-z0-9+/]{43,})$/;

const encode = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');

/** The hash to be written into the users file. */
export const hashPassword = async (password: string): Promise<string> => {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, { ...COST, salt }, HASH_BYTES);
  return `$scrypt$ln=${COST.ln},r=${COST.r},p=${COST.p}$${encode(salt)}$${encode(hash)}`;
};

/** True if the password has this hash; `null` stands for an unknown user, which takes as long as a check against `decoy`. */
export const verifyPassword = async (password: string, hash: string | null, decoy: string | null = null): Promise<boolean> => {
  const parsed = hash === null ? null : parseHash(hash);
  const model = parsed ?? (decoy === null ? null : parseHash(decoy));
  const expected = model ?? { ...COST, salt: Buffer.alloc(SALT_BYTES), hash: Buffer.alloc(HASH_BYTES) };
  const derived = await derive(password, expected, expected.hash.length);
  return timingSafeEqual(derived, expected.hash) && parsed !== null;
};

/** RFC 7914 2: N is a power of two greater than 1 and less than 2^(128 r / 8). */
const isPayable = ({ ln, r, p }: Cost): boolean => {
  const N = 2 ** ln;
  return ln >= 1 && r >= 1 && p >= 1 && ln < 16 * r && 128 * N * r <= MOST_MEMORY && N * r * p <= MOST_WORK;
};

const parseHash = (text: string): ParsedHash | null => {
  const [, ln, r, p, salt, hash] = FORMAT.exec(text) ?? [];
  if (salt === undefined || hash === undefined) return null;
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  const bytes = { salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
  return isPayable(cost) && encode(bytes.salt) === salt && encode(bytes.hash) === hash ? { ...cost, ...bytes } : null;
};

/** RFC 8265 4.2 would fold what looks alike; only the normal form is taken, so that one keyboard's é is the other's. */
const derive = (password: string, { ln, r, p, salt }: Cost & { readonly salt: Buffer }, length: number): Promise<Buffer> => {
  const N = 2 ** ln;
  const options = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, length, options, (error, derived) => (error === null ? resolve(derived) : reject(error)));
  });
};

/** What no name may hold: `relayctl user add` does not write it, and AUTH cannot bring it. */
const UNFIT_NAME = /[\s\p{Cc}]/u;

/** The users file: `name:hash` a line, `#` starts a comment line. */
export type Users = ReadonlyMap<string, string>;

export interface UsersFault {
  /** Counts from 1. */
  readonly line: number;
  readonly message: string;
}

/** Reads the text of a users file; names are compared as they are written. */
export const parseUsers = (text: string): { readonly users: Users; readonly faults: readonly UsersFault[] } => {
  const users = new Map<string, string>();
  const faults: UsersFault[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const [name, hash] = halves(line);
    const message = lineFault(name, hash) ?? (users.has(name) ? 'this name is listed twice' : null);
    if (message === null) users.set(name, hash);
    else faults.push({ line: index + 1, message });
  }
  return { users, faults };
};

const halves = (line: string): readonly [string, string] => {
  const colon = line.indexOf(':');
  return colon < 0 ? ['', ''] : [line.slice(0, colon), line.slice(colon + 1)];
};

/** Nothing of the line is quoted: a malformed one may begin with a password. */
const lineFault = (name: string, hash: string): string | null => {
  if (name === '') return 'expected name:hash';
  if (UNFIT_NAME.test(name)) return 'a name must not contain white space or control characters';
  return parseHash(hash) === null ? 'its hash is not one that relayctl user add makes' : null;
};

/** Hashing runs on the threads that also write mail to disk: a flood of wrong passwords must leave them some. */
const CHECKS_AT_A_TIME = 2;

/** Some 60 ms each: what waits longer is told to try again. */
const QUEUE = { sideBySide: CHECKS_AT_A_TIME, most: 1_000, maxWait: 10_000 };

const ANYBODY: Waiting = { client: '', isKnown: false, closed: new AbortController().signal };

/**
 * The hash whose cost a name nobody has is made to pay: always that of the same user, for costs that differ between
 * users would tell which names are there.
 */
const decoyFor = (users: Users, name: string): string | null => {
  if (users.size === 0) return null;
  const at = hash('sha256', name, 'buffer').readUInt32LE(0) % users.size;
  return [...users.values()][at] ?? null;
};

/** The check that AUTH makes; rejects if its turn does not come in time. `users` is asked each time, so that a reload shows. */
export const authenticator = (
  users: () => Users,
): ((credentials: Pick<Credentials, 'user' | 'password'>, who?: Waiting) => Promise<boolean>) => {
  const turns = new CheckQueue(QUEUE);
  return ({ user, password }, who = ANYBODY) =>
    turns.take(who, () => {
      const known = users();
      return verifyPassword(password, known.get(user) ?? null, decoyFor(known, user));
    });
};
