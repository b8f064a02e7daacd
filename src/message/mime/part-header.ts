import { headerText } from '../header-value.ts';

/** A field of a part's header: `name` in lower case, `text` as Unicode with its line breaks. */
export interface PartField {
  readonly name: string;
  readonly text: string;
}

export interface PartHeader {
  readonly fields: readonly PartField[];
  /** Why readers may see other fields than these; `null` if they will not. */
  readonly doubt: string | null;
}

/** RFC 5322 2.2; white space before the colon is obsolete syntax (4.5) and still a field. */
const FIELD = /^([!-9;-~]+)[ \t]*:/;

/** A mailbox line on top (RFC 4155) is skipped by programs that read a message attached with it. */
const MAILBOX_LINE = /^>*From /;

/** Splits the header of a part, whose lines may end in LF alone: an attached message can have come from anywhere. */
export const readPartHeader = (raw: Buffer): PartHeader => {
  const lines = headerText(raw).split(/\r*\n/);
  const reading: Reading = { fields: [], doubt: null, blank: false };
  for (const [at, line] of lines.entries()) if (line !== '' && (at > 0 || !MAILBOX_LINE.test(line))) readLine(reading, line);
  const { fields, doubt } = reading;
  return { fields, doubt: doubt ?? fields.map(fieldDoubt).find((one) => one !== null) ?? null };
};

/** Longer fields about the content, and such with more comments, cost more to take apart than any honest one is worth. */
const LONGEST_FIELD = 8192;
const MOST_COMMENTS = 50;

const fieldDoubt = ({ name, text }: PartField): string | null => {
  if (/\r(?!\n)/.test(text) && (name.startsWith('content-') || /\rcontent-/i.test(text))) return 'a bare CR in the header of a part';
  if (!name.startsWith('content-')) return null;
  if (text.length > LONGEST_FIELD) return `a header field of more than ${LONGEST_FIELD} characters`;
  return text.split('(').length > MOST_COMMENTS ? `a header field with more than ${MOST_COMMENTS} comments` : null;
};

interface Reading {
  readonly fields: { name: string; text: string }[];
  doubt: string | null;
  /** A line of white space alone went before, which ends the header for some. */
  blank: boolean;
}

const readLine = (reading: Reading, line: string): void => {
  const name = FIELD.exec(line)?.[1]?.toLowerCase();
  const last = reading.fields.at(-1);
  if (name !== undefined) {
    if (reading.blank && name.startsWith('content-')) reading.doubt ??= 'a blank line that does not end the header of a part';
    reading.fields.push({ name, text: line.slice(line.indexOf(':') + 1) });
  } else if (/^[ \t]/.test(line) && last !== undefined) {
    reading.blank ||= line.trim() === '';
    last.text += `\r\n${line}`;
  } else if (isTelling(reading, line)) reading.doubt ??= 'a line in a part header that is not a field';
};

/**
 * A line that is no field ends the header for some, belongs to the field above for others, and is passed over by the rest.
 * They see the same parts unless it goes on a field about the content, or a message within begins there.
 */
const isTelling = ({ fields }: Reading, line: string): boolean => {
  const last = fields.at(-1);
  const isContinued =
    last?.name.startsWith('content-') === true && (line.includes('=') || last.text.includes('=') || last.name === 'content-disposition');
  return (
    isContinued ||
    /^[^:]*content-/i.test(line) ||
    fields.some(({ name, text }) => name === 'content-type' && /message/i.test(text.split(';')[0] ?? ''))
  );
};

/** The texts of all fields of a name, from the top. */
export const textsOf = ({ fields }: PartHeader, name: string): readonly string[] =>
  fields.filter((field) => field.name === name).map(({ text }) => text);
