import { asciiField } from './header-field.ts';

const FIELDS = /[^\n]*\n(?:[ \t][^\n]*(?:\n|$))*|[^\n]+$/g;

/** The fields of a header, one character per byte, with their continuation lines; the empty line comes last, if there is one. */
export const rawFields = (raw: Buffer): readonly string[] => raw.toString('latin1').match(FIELDS) ?? [];

const FIELD_OR_END = /^(?:[!-9;-~]+[ \t]*:|\r?\n$)/;

/** False if a line is not a field: readers disagree on where such a header ends. */
export const isAllFields = (raw: Buffer): boolean => rawFields(raw).every((field) => FIELD_OR_END.test(field));

/** The header without 8-bit bytes (RFC 2047, RFC 2231); `null` if that is impossible. */
export const asciiHeader = (raw: Buffer): Buffer | null => {
  const fields = rawFields(raw).map(asciiField);
  return fields.includes(null) ? null : Buffer.from(fields.join(''), 'latin1');
};
