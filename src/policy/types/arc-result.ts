import type { ValueType } from '../definition.ts';
import { vocabulary } from '../vocabulary.ts';

export const arcResult: ValueType = vocabulary('arc-result', 'The state of the ARC chain (RFC 8617 4.4).', ['pass', 'fail', 'none']);
