import type { ValueType } from '../definition.ts';

const WORDS: ReadonlyMap<unknown, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

export const boolean: ValueType = {
  name: 'boolean',
  doc: '`true` or `false`.',
  literal: { type: 'boolean', description: '`true` or `false`' },
  normalize: (value) => (typeof value === 'boolean' ? value : (WORDS.get(value) ?? null)),
  ordered: false,
  textual: false,
  lists: [],
};
