import type { ValueType } from '../definition.ts';

const read = (text: string): number | null => (/^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : null);

export const number: ValueType = {
  name: 'number',
  doc: 'A number, whole or with a decimal point.',
  literal: { type: 'number', description: 'A number' },
  normalize: (value) => (typeof value === 'number' ? value : typeof value === 'string' ? read(value) : null),
  ordered: true,
  textual: false,
  lists: [],
};
