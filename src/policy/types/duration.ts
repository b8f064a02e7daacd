import type { ValueType } from '../definition.ts';
import { notNegative } from '../possible.ts';
import { DURATION_PATTERN, parseDuration } from '../quantity.ts';

export const duration: ValueType = {
  name: 'duration',
  doc: 'A length of time: `500ms`, `30s`, `10m`, `4h`, `5d`, `2w`, or a combination, `1h30m`.',
  literal: { type: 'string', pattern: DURATION_PATTERN, description: 'A duration, `10m`' },
  normalize: (value) => (typeof value === 'number' ? value : typeof value === 'string' ? parseDuration(value) : null),
  ordered: true,
  textual: false,
  lists: [],
  possible: notNegative('A length of time such as `1h30m`.'),
};
