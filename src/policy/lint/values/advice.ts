import type { OperatorUse } from '../operator-uses.ts';
import type { Leaf } from './leaf.ts';

/** Whether some value of the fact would satisfy the operator with this text. */
export type Suits = (leaf: Leaf) => boolean;

const REPAIRS: readonly ((text: string) => string)[] = [
  (text) => text.trim(),
  (text) => text.replace(/^["'`<]+|["'`>]+$/g, ''),
  (text) => text.replace(/[.,;:]+$/, ''),
  (text) => text.replace(/^\*?\./, ''),
  (text) => text.replace(/^\*/, ''),
  (text) => text.replace(/^\*/, '').replace(/\.$/, ''),
  (text) => text.toLowerCase(),
  (text) => text.toUpperCase(),
];

/** The same operator with the text mended; `null` if no small change helps. */
export const repaired = (leaf: Leaf, suits: Suits): string | null => {
  const { operand } = leaf;
  if (typeof operand !== 'string') return null;
  for (const repair of REPAIRS) {
    const text = repair(operand);
    if (text !== operand && text !== '' && suits({ ...leaf, operand: text })) return text;
  }
  return null;
};

const PARTS: readonly string[] = ['address', 'domain', 'local'];

/** Another part of the same address that could be like this. */
export const otherPart = ({ fact }: Pick<OperatorUse, 'fact'>): readonly string[] => {
  const [owner, part = ''] = fact.split('.');
  return PARTS.includes(part) ? PARTS.filter((other) => other !== part).map((other) => `${owner}.${other}`) : [];
};

/** Several in one text, where each could stand alone. */
export const apart = (leaf: Leaf, suits: Suits): readonly string[] | null => {
  const parts = typeof leaf.operand === 'string' ? leaf.operand.split(/[\s,;|]+/).filter((part) => part !== '') : [];
  return parts.length > 1 && parts.every((part) => suits({ ...leaf, operand: part })) ? parts : null;
};
