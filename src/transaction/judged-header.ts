import { editHeader } from '../message/edits.ts';
import type { RawHeader } from '../message/header.ts';
import type { JudgedEntry } from './judged.ts';

/** Bytes of a header that one line of the log keeps. */
const MOST = 32 * 1024;

const IS_PLAIN = /^[\t\r\n\x20-\x7e]*$/;

const FAMILY = /^(?:raw_)?header\./;

/** The header as the log keeps it, without the fields that `omit` names (`header.subject`); `undefined` if it is too long. */
export const judgedHeader = (header: RawHeader, omit: ReadonlySet<string>): JudgedEntry['header'] => {
  if (header.length > MOST) return undefined;
  const edits = [...omit].flatMap((fact) =>
    FAMILY.test(fact) ? [{ effect: 'remove_header', name: fact.replace(FAMILY, '') } as const] : [],
  );
  const { fieldBytes } = editHeader(header, edits, false).header;
  const text = fieldBytes.toString('latin1');
  return IS_PLAIN.test(text) ? text : { base64: fieldBytes.toString('base64') };
};

/** The bytes again. */
export const judgedHeaderBytes = (header: NonNullable<JudgedEntry['header']>): Buffer =>
  typeof header === 'string' ? Buffer.from(header, 'latin1') : Buffer.from(header.base64, 'base64');
