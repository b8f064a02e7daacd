import { hash } from 'node:crypto';
import type { Rate } from './gcra.ts';
import type { GreylistPolicy } from './greylist.ts';
import type { LoginStep } from './login.ts';

/** 128 bits in four words. */
export type Key = readonly [number, number, number, number];

/** A count, a greylist query or a step of a login; small and of fixed size for any key. */
export type LedgerRequest = {
  readonly key: Key;
  /** Identifies who asks: one rule and one client network. Whoever fills the ledger loses its own entries first. */
  readonly owner: number;
} & (({ readonly kind: 'limit' } & Rate) | ({ readonly kind: 'greylist' } & GreylistPolicy) | ({ readonly kind: 'login' } & LoginStep));

/** A key of one rule, as written in the policy. */
export interface Asked {
  readonly name: string;
  readonly key: string;
  /** Network of the client; empty if there is none. */
  readonly network: string;
}

const keyOf = (kind: string, { name, key }: Asked): Key => {
  const bytes = hash('sha256', `${kind}\0${name}\0${key}`, 'buffer');
  return [bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.readUInt32LE(8), bytes.readUInt32LE(12)];
};

/** FNV-1a, 32 bits. */
const ownerOf = (kind: string, { name, network }: Asked): number => {
  const text = `${kind}\0${name}\0${network}`;
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193);
  return sum >>> 0;
};

export const limitRequest = (asked: Asked & Rate): LedgerRequest => {
  const { cost, max, per } = asked;
  return { kind: 'limit', key: keyOf('limit', asked), owner: ownerOf('limit', asked), cost, max, per };
};

export const greylistRequest = (asked: Asked & GreylistPolicy): LedgerRequest => {
  const { delay, window, keep } = asked;
  return { kind: 'greylist', key: keyOf('greylist', asked), owner: ownerOf('greylist', asked), delay, window, keep };
};

export const loginRequest = (asked: Asked, step: LoginStep): LedgerRequest => ({
  kind: 'login',
  key: keyOf('login', asked),
  owner: ownerOf('login', asked),
  ...step,
});
