/*
 * Every signature costs a key look-up, a public-key operation and, with a length of its own, a hash of the
 * whole body; a header has room for thousands. So only the first few are shown to the verifier: those the
 * latest hops wrote stand on top. The rest counts as not there (RFC 6376 6.1 leaves the number to us).
 */

const MOST_SIGNATURES = 10;
const HEADER_END = /\r?\n\r?\n/;
const FIELD_START = /(?<=\n)(?![ \t])/;

/** The message, byte for byte, but for DKIM-Signature fields beyond the tenth. */
export async function* withFewSignatures(message: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let header: string | null = '';
  for await (const chunk of message) {
    if (header === null) {
      yield chunk;
      continue;
    }
    header += chunk.toString('latin1');
    const end = HEADER_END.exec(header);
    if (end === null) continue;
    const bodyAt = end.index + end[0].length;
    yield Buffer.from(fewSignatures(header.slice(0, bodyAt)) + header.slice(bodyAt), 'latin1');
    header = null;
  }
  if (header !== null) yield Buffer.from(fewSignatures(header), 'latin1');
}

const fewSignatures = (header: string): string => {
  let seen = 0;
  const keep = (field: string): boolean => {
    if (!/^dkim-signature[ \t]*:/i.test(field)) return true;
    seen += 1;
    return seen <= MOST_SIGNATURES;
  };
  return header.split(FIELD_START).filter(keep).join('');
};
