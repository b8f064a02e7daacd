import type { Effect } from '../policy/decision.ts';
import { writeField } from './field.ts';
import { HeaderField, RawHeader } from './header.ts';

const LF = 0x0a;
const CRLF = Buffer.from('\r\n');

/** The edits that policy may make to a header. */
export type HeaderEdit = Extract<Effect, { effect: 'add_header' | 'replace_header' | 'remove_header' }>;

/** The edited header, and the changes as `Name: value` for `explain` and the log. */
export interface EditedHeader {
  readonly header: RawHeader;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** A field of the edited header: one from the message, or a new one. */
interface Line {
  readonly name: string;
  readonly bytes: Buffer;
  /** As shown by `explain`. */
  readonly shown: () => string;
}

interface Draft {
  lines: Line[];
  readonly added: string[];
  readonly removed: string[];
}

/** Narrows an effect to those that edit the header. */
export const isHeaderEdit = (effect: Effect): effect is HeaderEdit =>
  effect.effect === 'add_header' || effect.effect === 'replace_header' || effect.effect === 'remove_header';

/**
 * Applies edits in order. A new field goes below the existing ones. `replace_header` replaces the first field
 * of its name and removes the others, or adds the field if there is none; `remove_header` removes all fields
 * of the name. Untouched fields keep their bytes. Throws on an invalid field name.
 */
export const editHeader = (header: RawHeader, edits: readonly HeaderEdit[], smtputf8: boolean): EditedHeader => {
  if (edits.length === 0) return { header, added: [], removed: [] };
  const draft: Draft = { lines: header.fields.map(asLine), added: [], removed: [] };
  for (const edit of edits) apply(draft, edit, smtputf8);
  const bytes = Buffer.concat(draft.lines.map((line, place) => (place < draft.lines.length - 1 ? ended(line.bytes) : line.bytes)));
  return { header: new RawHeader(bytes, header.separator), added: draft.added, removed: draft.removed };
};

/** In a message that ends within its header, the last field may lack its CRLF. */
const ended = (bytes: Buffer): Buffer => (bytes.at(-1) === LF ? bytes : Buffer.concat([bytes, CRLF]));

const asLine = (field: HeaderField): Line => ({
  name: field.name.toLowerCase(),
  bytes: field.raw,
  shown: () => `${field.name}: ${field.value}`,
});

const newLine = (edit: { readonly name: string; readonly value: string }, smtputf8: boolean): Line =>
  asLine(new HeaderField(Buffer.from(writeField(edit.name, edit.value, smtputf8))));

const apply = (draft: Draft, edit: HeaderEdit, smtputf8: boolean): void => {
  const name = edit.name.toLowerCase();
  const first = draft.lines.findIndex((line) => line.name === name);
  if (edit.effect !== 'add_header') drop(draft, name);
  if (edit.effect === 'remove_header') return;
  const line = newLine(edit, smtputf8);
  const place = edit.effect === 'add_header' || first < 0 ? draft.lines.length : first;
  draft.lines.splice(place, 0, line);
  draft.added.push(line.shown());
};

const drop = (draft: Draft, name: string): void => {
  const gone = draft.lines.filter((line) => line.name === name);
  draft.lines = draft.lines.filter((line) => line.name !== name);
  draft.removed.push(...gone.map((line) => line.shown()));
};
