import type { Possible } from '../../definition.ts';
import { isNever } from './judge.ts';
import { holdsFor, type Leaf, testOf } from './leaf.ts';
import type { Reasoning } from './reasoning.ts';
import { representatives } from './representatives.ts';
import { type Values, valuesOf } from './values.ts';

/** Whether some value can satisfy the operator, as far as can be told: `true` in doubt, and for what does not compile. */
export const mayHold = (leaf: Leaf, values: Values, { lists, effort }: Reasoning): boolean => {
  if (values.are === 'anything') return true;
  if (values.are === 'texts' && isPlainValue(leaf)) return values.fits(String(leaf.type.normalize(String(leaf.operand))));
  const test = testOf(leaf, lists);
  return test === null || !isNever(representatives({ values, leaves: [leaf], lists, effort }), (value) => holdsFor(test, value));
};

/** Equal to one text and no other. */
const isPlainValue = ({ operator, operand, type }: Leaf): boolean =>
  operator === 'eq' &&
  typeof operand === 'string' &&
  type.spans?.(operand) !== true &&
  type.aliases === undefined &&
  type.normalize(operand) !== null;

/** The same with what is known of a fact. */
export const maySuit =
  (possible: Possible | undefined, reasoning: Reasoning) =>
  (leaf: Leaf): boolean =>
    mayHold(leaf, valuesOf(leaf.type, possible), reasoning);
