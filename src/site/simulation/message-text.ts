const LF = 0x0a;
const CR = 0x0d;

/**
 * Bytes of a message file as they would come over the wire. Files under version control mostly end their
 * lines with LF alone; a file that has any CRLF is taken as it is.
 */
export const wireBytes = (file: Uint8Array): Buffer => {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  if (bytes.includes('\r\n')) return bytes;
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
    lines.push(bytes.subarray(start, end), Buffer.from([CR, LF]));
    start = end + 1;
  }
  return Buffer.concat([...lines, bytes.subarray(start)]);
};
