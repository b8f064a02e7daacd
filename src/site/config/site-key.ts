import type { Key } from './key.ts';

/** What a new value does to a running relay. */
export interface KeyEffect {
  /** What rules decide may change with it: it is part of the policy version. */
  readonly decidesPolicy: boolean;
  /** `presence at start`: a reload takes new values, but adding or removing the key waits for a restart. */
  readonly takenUp: 'on reload' | 'at start' | 'presence at start';
}

/** A key at the top of the file. */
export type SiteKey<Value> = Key<Value> & KeyEffect;

/** A key that look-ups are made from: a reload that changes it rebuilds the services. */
export const serviceKey = <Value>(
  key: Key<Value>,
  { decidesPolicy }: Pick<KeyEffect, 'decidesPolicy'>,
): SiteKey<Value> & { readonly takenUp: 'on reload' } => ({ ...key, decidesPolicy, takenUp: 'on reload' });
