import type { ValueType } from '../definition.ts';
import { vocabulary } from '../vocabulary.ts';

export const dmarcPolicy: ValueType = vocabulary('dmarc-policy', 'What the domain of From asks receivers to do (RFC 7489 6.3).', [
  'none',
  'quarantine',
  'reject',
]);
