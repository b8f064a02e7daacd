import type { AttachmentStream, HeaderValue } from 'mailparser';
import type { Fields } from '../policy/value.ts';
import { withoutControls } from './controls.ts';

const LONGEST_NAME = 1024;

/** Reads an attachment to its end, keeping nothing of it, and says what it was. Rejects when its stream fails. */
export const attachmentFields = async (attachment: AttachmentStream): Promise<Fields> => {
  await readToEnd(attachment);
  attachment.release?.();
  const name = fileName(attachment.filename);
  return {
    name,
    extension: name === null ? null : extensionOf(name),
    type: declaredType(attachment),
    size: attachment.size ?? null,
    sha256: attachment.checksum ?? null,
  };
};

const readToEnd = ({ content }: AttachmentStream): Promise<void> =>
  new Promise((resolve, reject) => {
    content.on('data', () => undefined);
    content.once('end', resolve);
    content.once('error', reject);
  });

/** Decoded by RFC 2231 and 2047; the path some programs put in front is none of it (RFC 2183 2.3). */
const fileName = (written: string | undefined): string | null => {
  const name = withoutControls(written ?? '')
    .replace(/^.*[\\/]/s, '')
    .trim();
  return name === '' ? null : name.slice(-LONGEST_NAME);
};

/** Lower-case, without the dot; dots and spaces at the end do not hide it, as some systems drop them. */
const extensionOf = (name: string): string | null => /\.([^.\s]+)[.\s]*$/.exec(name)?.[1]?.toLowerCase() ?? null;

const isStructured = (value: HeaderValue | undefined): value is Extract<HeaderValue, { params: unknown }> =>
  typeof value === 'object' && 'params' in value;

/** What Content-Type says, not what the name suggests. */
const declaredType = (attachment: AttachmentStream): string => {
  const header = attachment.headers.get('content-type');
  const declared = isStructured(header) ? header.value : attachment.contentType;
  return withoutControls(declared || 'application/octet-stream')
    .toLowerCase()
    .trim();
};
