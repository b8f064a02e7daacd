import type { Diagnostic } from '../diagnostic.ts';
import { type Code, diagnose, type Finding } from '../diagnostic-codes.ts';
import { SourceText } from './source-text.ts';

/** Bytes a YAML file may have. What they cost is bounded by their tokens; big data belongs in list files. */
export const MAX_YAML_BYTES = 16 * 1024 * 1024;

const BYTE_ORDER_MARK = '\uFEFF';

/** What YAML 1.2 (5.1) forbids, and a carriage return that does not belong to a line end. */
const FORBIDDEN = /(?![\t\n\r\u0085])[\p{Cc}\ufffe\uffff]|\r(?!\n)/gu;

/**
 * The text of a YAML file: UTF-8, without a byte order mark and without control characters. Bytes that
 * are not UTF-8 and forbidden characters are errors with their place; nothing is replaced in silence.
 */
export const decodeText = (path: string, content: string | Uint8Array): { source: SourceText; diagnostics: readonly Diagnostic[] } => {
  const text = typeof content === 'string' ? content : new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);
  const source = new SourceText(path, text);
  const report = (code: Code, at: number, finding: Finding): Diagnostic => diagnose(code, source.span(at, at + 1), finding);
  if (text.length > MAX_YAML_BYTES || Buffer.byteLength(text) > MAX_YAML_BYTES)
    return { source, diagnostics: [report('RLY1003', 0, tooLarge)] };
  if (text.startsWith(BYTE_ORDER_MARK)) return { source, diagnostics: [report('RLY1005', 0, byteOrderMark(source))] };
  const diagnostics = firstForbidden(text).map((match) => report('RLY1006', match.index, forbidden(match[0])));
  const broken = isUtf8(content) ? -1 : text.indexOf('\uFFFD');
  if (broken >= 0) diagnostics.push(report('RLY1002', broken, notUtf8));
  return { source, diagnostics };
};

/** More of them are one mistake. */
const MOST_FORBIDDEN = 20;

const firstForbidden = (text: string): readonly RegExpExecArray[] => {
  const found: RegExpExecArray[] = [];
  for (const match of text.matchAll(FORBIDDEN)) {
    found.push(match);
    if (found.length === MOST_FORBIDDEN) break;
  }
  return found;
};

const isUtf8 = (content: string | Uint8Array): boolean => {
  if (typeof content === 'string') return true;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(content);
    return true;
  } catch {
    return false;
  }
};

/** A YAML file whose size forbids even to read it. */
export const fileTooLarge = (path: string, message: string): Diagnostic =>
  diagnose(
    'RLY1003',
    { file: path, line: 1, column: 1, endLine: 1, endColumn: 1 },
    { ...tooLarge, message: `Cannot read ${path}: ${message}` },
  );

const tooLarge: Finding = {
  message: 'The file is larger than 16 MiB',
  help: 'Files this large are not read. Move the data to a list file: lists: { name: { type: address, file: config/lists/name.txt } }.',
};

const byteOrderMark = (source: SourceText): Finding => ({
  message: 'The file begins with a byte order mark',
  help: 'Save it as UTF-8 without a byte order mark (BOM).',
  fixes: [{ title: 'Delete the byte order mark', safe: true, edits: [{ at: source.span(0, 1), text: '' }] }],
});

const notUtf8: Finding = {
  message: 'Invalid UTF-8',
  help: 'Save the file as UTF-8; in another encoding, names would come out wrong.',
};

const forbidden = (character: string): Finding => ({
  message: `Control character U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`,
  help: 'Delete it: invisible characters are not allowed in a policy. Inside "…", write an escape such as \\t.',
});
