/** Decodes what arrives in pieces; the result comes in pieces too. */
export type TransferDecoder = (bytes: Buffer) => Buffer;

const plain: TransferDecoder = (bytes) => bytes;

/** A decoder for text in this transfer encoding (RFC 2045 6.7, 6.8); any other than those two changes nothing. */
export const transferDecoder = (encoding: string): TransferDecoder => {
  if (encoding === 'base64') return pieces(decodeBase64);
  return encoding === 'quoted-printable' ? pieces(decodeQuoted) : plain;
};

/** What has been decoded, and the rest that needs more bytes. */
type Decode = (text: string) => readonly [decoded: Buffer, rest: string];

const pieces = (decode: Decode): TransferDecoder => {
  let waiting = '';
  return (bytes) => {
    const [decoded, rest] = decode(waiting + bytes.toString('latin1'));
    waiting = rest;
    return decoded;
  };
};

const decodeBase64: Decode = (text) => {
  const letters = text.replace(/[^A-Za-z0-9+/]/g, '');
  const whole = letters.length - (letters.length % 4);
  return [Buffer.from(letters.slice(0, whole), 'base64'), letters.slice(whole)];
};

const decodeQuoted: Decode = (text) => {
  const rest = /=[0-9A-Fa-f]?\r?$|=[ \t]+\r?$/.exec(text.slice(-80))?.[0] ?? '';
  const whole = text.slice(0, text.length - rest.length).replace(/=[ \t]*\r?\n/g, '');
  return [
    Buffer.from(
      whole.replace(/=([0-9A-Fa-f]{2})/g, (_code, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
      'latin1',
    ),
    rest,
  ];
};
