import { type HeaderField, RawHeader } from '../header.ts';

const COLON = 0x3a;

/**
 * The header as it is signed and sent: no white space before a colon (RFC 5322 4.5 allows it, but some
 * verifiers do not recognise such a field). The same object if nothing has to change.
 */
export const verifiableHeader = (header: RawHeader): RawHeader =>
  header.fields.some(hasBlank) ? new RawHeader(Buffer.concat(header.fields.map(withoutBlank)), header.separator) : header;

const hasBlank = ({ raw, name }: HeaderField): boolean => raw[name.length] !== COLON;

const withoutBlank = ({ raw, name }: HeaderField): Buffer => Buffer.concat([raw.subarray(0, name.length), raw.subarray(raw.indexOf(':'))]);
