import type { Membership } from '../definition.ts';

/** One list out of several of one type, of which an entry of any counts. */
export const joinLists = (parts: readonly Membership[]): Membership => {
  const [first] = parts;
  if (!first) throw new Error('no list at all');
  if (parts.length === 1) return first;
  const caseless = parts.map((part) => part.hasCaseless ?? part.has);
  return {
    type: first.type,
    size: parts.reduce((sum, { size }) => sum + size, 0),
    has: (value) => parts.some((part) => part.has(value)),
    ...(first.hasCaseless ? { hasCaseless: (value) => caseless.some((has) => has(value)) } : {}),
  };
};
