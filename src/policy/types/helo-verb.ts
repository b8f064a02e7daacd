import type { ValueType } from '../definition.ts';
import { vocabulary } from '../vocabulary.ts';

export const heloVerb: ValueType = vocabulary('helo-verb', 'How the client introduced itself (RFC 5321 4.1.1.1, RFC 2033).', [
  'HELO',
  'EHLO',
  'LHLO',
]);
