import { ANYTHING, isAnchored, type Pattern, sequence, unit, without } from '../../reason/pattern.ts';
import type { Leaf } from './leaf.ts';

const AT = '@'.charCodeAt(0);
const SIGN = unit([AT, AT]);
const DOMAIN = without(ANYTHING, AT);

/**
 * Addresses of which a part is like this: a local part in quotes may hold an `@`, a domain never does. An anchor that is left
 * inside would mean the wrong place: `null`.
 */
export const lift = (pattern: Pattern, { part }: Leaf): Pattern | null => {
  if (part === 'before') return isAnchored(pattern, 'end') ? null : sequence(pattern, SIGN, DOMAIN);
  if (part === 'behind') return isAnchored(pattern, 'start') ? null : sequence(ANYTHING, SIGN, without(pattern, AT));
  return pattern;
};
