import type { ValueType } from '../definition.ts';
import { vocabulary } from '../vocabulary.ts';

export const dmarcResult: ValueType = vocabulary(
  'dmarc-result',
  'What DMARC says (RFC 7489 11.2). A temperror is not a result here: the fact is unknown then.',
  ['pass', 'fail', 'none', 'permerror'],
);
