import type { ValueType } from '../definition.ts';
import { vocabulary } from '../vocabulary.ts';

export const tlsVersion: ValueType = vocabulary('tls-version', 'A version of TLS.', ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3']);
