import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto';

/*
 * RFC 6376 written down once more, the short way: whole messages as latin1 text, regular expressions, no
 * streaming. An oracle for tests, and a signer that signs whatever it is told to.
 */

export type Form = 'simple' | 'relaxed';

export const naiveBody = (body: string, form: Form): string => {
  if (form === 'simple') return `${body.replace(/(?:\r\n)+$/, '')}\r\n`;
  const lines = body.split('\r\n').map((line) => line.replace(/[ \t]+/g, ' ').replace(/ $/, ''));
  const text = lines.join('\r\n').replace(/(?:\r\n)+$/, '');
  return text === '' ? '' : `${text}\r\n`;
};

export const naiveField = (field: string, form: Form): string => {
  if (form === 'simple') return field;
  const [, name = '', value = ''] = /^([^:]*):(.*)$/s.exec(field.replace(/\r\n/g, '')) ?? [];
  return `${name.toLowerCase().replace(/[ \t]+$/, '')}:${value.replace(/[ \t]+/g, ' ').replace(/^ | $/g, '')}\r\n`;
};

export const fieldsIn = (header: string): readonly string[] => header.match(/[^\r\n](?:.|\r(?!\n)|\n(?=[ \t])|\r\n(?=[ \t]))*\r\n/g) ?? [];

const nameOf = (field: string): string => field.slice(0, field.indexOf(':')).trim().toLowerCase();

/** The fields of `h=`, the last of a name first, canonical. */
export const naiveSelection = (header: string, names: readonly string[], form: Form): string => {
  const left = [...fieldsIn(header)];
  return names
    .map((name) => {
      const at = left.findLastIndex((field) => nameOf(field) === name.toLowerCase());
      return at < 0 ? '' : naiveField(left.splice(at, 1)[0] ?? '', form);
    })
    .join('');
};

export const sha256 = (text: string): string => createHash('sha256').update(text, 'latin1').digest('base64');

export const naiveSign = (text: string, key: KeyObject | string): string => {
  const privateKey = typeof key === 'string' ? createPrivateKey(key) : key;
  const bytes = Buffer.from(text, 'latin1');
  if (privateKey.asymmetricKeyType === 'ed25519')
    return sign(null, createHash('sha256').update(bytes).digest(), privateKey).toString('base64');
  return sign('sha256', bytes, privateKey).toString('base64');
};

export interface NaiveSignature {
  readonly key: KeyObject | string;
  /** `d=example.com; s=s1; …`, without `bh=` and `b=`, whatever is to be tried. */
  readonly tags: string;
  readonly names?: readonly string[];
  readonly forms?: readonly [header: Form, body: Form];
  readonly length?: number;
  readonly field?: string;
}

const splitText = (message: string): readonly [string, string] => {
  const at = message.startsWith('\r\n') ? 0 : message.indexOf('\r\n\r\n') + 2;
  return at === 1 ? [message, ''] : [message.slice(0, at), message.slice(at + 2)];
};

/** The message (latin1) with a signature field on top. */
export const naivelySigned = (message: string, signature: NaiveSignature): string => {
  const {
    key,
    tags,
    names = ['from', 'to', 'subject', 'date'],
    forms = ['relaxed', 'relaxed'],
    length,
    field = 'DKIM-Signature',
  } = signature;
  const [header, body] = splitText(message);
  const hash = sha256(naiveBody(body, forms[1]).slice(0, length));
  const limit = length === undefined ? '' : ` l=${length};`;
  const unsigned = `${field}: ${tags}; c=${forms.join('/')};${limit}\r\n h=${names.join(':')};\r\n bh=${hash}; b=`;
  const signed = naiveSelection(header, names, forms[0]) + naiveField(`${unsigned}\r\n`, forms[0]).slice(0, -2);
  return `${unsigned}${naiveSign(signed, key).replace(/.{60}/g, '$&\r\n ')}\r\n${message}`;
};
