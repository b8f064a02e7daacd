const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A response of RFC 4954 4; `=` alone is the empty response. `null` unless it is base64 of UTF-8 without control characters. */
export const decodeBase64 = (text: string): string | null => {
  const decoded = decodeText(text);
  return decoded === null || /\p{Cc}/u.test(decoded) ? null : decoded;
};

const decodeText = (text: string): string | null => {
  if (text === '=') return '';
  if (!BASE64.test(text)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(text, 'base64'));
  } catch {
    return null;
  }
};

/** What RFC 4616 2 carries. */
export interface PlainMessage {
  /** Whom the client wants to act for; the user's own name if not given. */
  readonly actsFor: string;
  readonly user: string;
  readonly password: string;
}

/** Authorization identity, user and password, separated by NUL; `null` for anything else. */
export const decodePlain = (text: string): PlainMessage | null => {
  const parts = decodeText(text)?.split('\0') ?? [];
  const [actsFor = '', user = '', password = ''] = parts;
  if (parts.length !== 3 || user === '' || parts.some((part) => /\p{Cc}/u.test(part))) return null;
  return { actsFor: actsFor === '' ? user : actsFor, user, password };
};
