const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** A response of RFC 4954 4; `=` alone is the empty one. `null` unless it is base64 of UTF-8 without control characters. */
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

/** The message of RFC 4616 2: authorisation identity, user and password with NUL between. Nobody may act for another. */
export const decodePlain = (text: string): { readonly user: string; readonly password: string } | null => {
  const [actsFor, user, password, ...more] = decodeText(text)?.split('\0') ?? [];
  if (actsFor === undefined || user === undefined || password === undefined || more.length > 0) return null;
  if (user === '' || (actsFor !== '' && actsFor !== user) || /\p{Cc}/u.test(user + password)) return null;
  return { user, password };
};
