import type { ValueType } from '../definition.ts';
import type { Scalar } from '../value.ts';

const NAMES = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const SHORT: readonly string[] = NAMES.map((name) => name.slice(0, 3));

const normalize = (value: Scalar): string | null => {
  const name = String(value).toLowerCase();
  return NAMES.includes(name) || SHORT.includes(name) ? name.slice(0, 3) : null;
};

export const weekday: ValueType = {
  name: 'weekday',
  doc: 'A day of the week: `mon` to `sun`, or the full name.',
  literal: { enum: [...SHORT, ...NAMES], description: 'A day of the week, `mon`' },
  normalize,
  ordered: false,
  textual: false,
  lists: [],
};
