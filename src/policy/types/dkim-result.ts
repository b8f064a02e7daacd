import type { ValueType } from '../definition.ts';
import { vocabulary } from '../vocabulary.ts';

export const dkimResult: ValueType = vocabulary(
  'dkim-result',
  'What DKIM says (RFC 8601 2.7.1). A temperror is not a result here: the fact is unknown then.',
  ['pass', 'fail', 'neutral', 'policy', 'none', 'permerror'],
);
