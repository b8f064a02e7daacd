import type { Membership } from '../definition.ts';
import { FEW_ENTRIES } from './compile.ts';

/** One list out of several of one type, of which an entry of any counts. */
export const joinLists = (parts: readonly Membership[]): Membership => {
  const [first] = parts;
  if (!first) throw new Error('no list at all');
  if (parts.length === 1) return first;
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  const entries = parts.flatMap((part) => part.entries ?? []);
  const caseless = parts.map((part) => part.hasCaseless ?? part.has);
  return {
    type: first.type,
    size,
    has: (value) => parts.some((part) => part.has(value)),
    ...(entries.length === size && size <= FEW_ENTRIES ? { entries } : {}),
    ...(first.hasCaseless ? { hasCaseless: (value) => caseless.some((has) => has(value)) } : {}),
  };
};
