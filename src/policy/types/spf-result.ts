import type { ValueType } from '../definition.ts';
import { vocabulary } from '../vocabulary.ts';

export const spfResult: ValueType = vocabulary(
  'spf-result',
  'What SPF says (RFC 7208 2.6). A temperror is not a result here: the fact is unknown then.',
  ['pass', 'fail', 'softfail', 'neutral', 'none', 'permerror'],
);
