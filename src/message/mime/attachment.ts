import type { AttachmentStream, HeaderValue } from 'mailparser';
import type { Fields, FieldValue } from '../../policy/value.ts';
import { withoutControls } from '../controls.ts';
import { attachmentNames, type Part } from './part.ts';
import { namesOf, type PartNames } from './part-names.ts';
import { TnefNames } from './tnef.ts';

/** An attachment that has been read, and the names of the files inside it. */
export interface AttachmentRead {
  readonly fields: Fields;
  /** As written. */
  readonly packed: readonly string[];
  /** Why it may contain other files. */
  readonly doubt: string | null;
}

/** Reads an attachment to its end without keeping it, and describes it. Rejects if its stream fails. */
export const readAttachment = async (attachment: AttachmentStream, part: Part | undefined): Promise<AttachmentRead> => {
  const tnef = new TnefNames();
  await readToEnd(attachment, tnef);
  attachment.release?.();
  const type = declaredType(attachment);
  const names = part ? attachmentNames(part, type) : namesOf([attachment.filename ?? '']);
  return {
    fields: { ...nameFields(names), type, size: attachment.size ?? null, sha256: attachment.checksum ?? null },
    packed: tnef.names,
    doubt: tnef.end(),
  };
};

/** A file of which only the name is known: it is embedded in a text, or consists of parts. */
export const fileFields = (names: PartNames, type: string): Fields => ({ ...nameFields(names), type, size: null, sha256: null });

const nameFields = ({ names, extensions }: PartNames): Fields => ({ name: several(names), extension: several(extensions) });

const several = (values: readonly string[]): FieldValue => (values.length === 0 ? null : values);

const readToEnd = ({ content }: AttachmentStream, tnef: TnefNames): Promise<void> =>
  new Promise((resolve, reject) => {
    content.on('data', (bytes: Buffer) => tnef.read(bytes));
    content.once('end', resolve);
    content.once('error', reject);
  });

const isStructured = (value: HeaderValue | undefined): value is Extract<HeaderValue, { params: unknown }> =>
  typeof value === 'object' && 'params' in value;

/** The type from Content-Type, not the one the name suggests. */
const declaredType = (attachment: AttachmentStream): string => {
  const header = attachment.headers.get('content-type');
  const declared = isStructured(header) ? header.value : attachment.contentType;
  return withoutControls(declared || 'application/octet-stream')
    .toLowerCase()
    .trim();
};
