import libmime from 'libmime';
import { withoutComments } from './comments.ts';
import { decodedWords, type Readings } from './encoded-words.ts';
import { extensionOf, nameForms } from './name-forms.ts';
import { nameValues } from './parameter-values.ts';
import { type PartHeader, textsOf } from './part-header.ts';

/** The names under which mail programs would show or save a part. */
export interface PartNames {
  readonly names: readonly string[];
  readonly extensions: readonly string[];
  /** Why there may be others; `null` if there are none. */
  readonly doubt: string | null;
}

/** Limit on the characters of all forms of all names of a part; no legitimate part needs more. */
const MOST_FORMS = 64 * 1024;

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/** Every name of a part, in any field, parameter and notation; duplicate fields count too. */
export const partNames = (header: PartHeader): PartNames => {
  const fields = [...textsOf(header, 'content-disposition'), ...textsOf(header, 'content-type')];
  if (header.doubt !== null) return { names: [], extensions: [], doubt: header.doubt };
  const readings = unique(fields.flatMap(fieldTexts)).map(nameValues);
  const doubt = readings.find((one) => one.doubt !== null)?.doubt ?? null;
  const named = namesOf(unique(readings.flatMap(({ values }) => values)));
  return { ...named, doubt: doubt ?? named.doubt };
};

/** The names and extensions derived from names as written. */
export const namesOf = (written: readonly string[]): PartNames => {
  const { texts, doubt } = formsOf(written.filter((text) => text !== ''));
  const read = texts.filter((text) => !/=\?[^?]*\?[bq]\?/i.test(text));
  return { names: read.length > 0 ? read : texts, extensions: unique(texts.flatMap((text) => extensionOf(text) ?? [])), doubt };
};

/** Stops at the first doubt, which settles the result. */
const formsOf = (written: readonly string[]): Readings => {
  const texts = new Set<string>();
  let characters = 0;
  for (const text of written) {
    const forms = nameForms(text);
    for (const form of forms.texts) texts.add(form);
    characters += forms.texts.reduce((sum, form) => sum + form.length, text.length);
    const doubt = forms.doubt ?? (characters > MOST_FORMS ? 'a name that may be read in too many ways' : null);
    if (doubt !== null) return { texts: [...texts], doubt };
  }
  return { texts: [...texts], doubt: null };
};

/** Most readers treat a fold as a space, some as nothing; some parse comments and encoded-words. */
const fieldTexts = (text: string): readonly string[] => {
  const lines = [text.replace(/\r\n/g, ''), text.replace(/\r\n[ \t]+/g, '')];
  const plain = [...lines, ...lines.map(withoutComments)];
  return unique([...plain, ...plain.flatMap((line) => (/^\s*=\?/.test(line) ? decodedWords(line).texts : []))]);
};

/** Fields from which a few programs take a name if there is no other; only text that looks like a file name counts. */
const OTHER_NAMES = ['content-description', 'content-location'] as const;
const FILE_NAME = /^(?!www\.)[^\s@:?/\\]+\.[A-Za-z0-9]{1,8}$/;

/** For an attachment without a name: names from other fields, and those its type suggests. */
export const suggestedNames = (header: PartHeader, type: string): PartNames => {
  const others = OTHER_NAMES.flatMap((name) => textsOf(header, name)).map((text) => lastPart(text.replace(/\r\n[ \t]*/g, '').trim()));
  const named = namesOf(others.filter((text) => FILE_NAME.test(text)));
  return named.extensions.length > 0 ? named : { ...named, extensions: typeExtensions(type) };
};

/** The last part of a URL's path; any other text as it is. */
const lastPart = (text: string): string => /^(?:[a-z]+:)?\/\/[^/]*\/(?:[^?#]*\/)?([^?#/]*)/i.exec(text)?.[1] ?? text;

/** Unregistered types of executable files. */
const PROGRAMS: ReadonlyMap<string, string> = new Map([
  ['application/vnd.microsoft.portable-executable', 'exe'],
  ['application/x-bat', 'bat'],
  ['application/x-dosexec', 'exe'],
  ['application/x-ms-shortcut', 'lnk'],
  ['application/x-msdos-program', 'exe'],
  ['application/x-vbs', 'vbs'],
  ['text/jscript', 'js'],
  ['text/vbscript', 'vbs'],
]);

/** The extensions a mail program would add to a name for this type; none for a generic type. */
export const typeExtensions = (type: string): readonly string[] => {
  const extension = PROGRAMS.get(type) ?? libmime.detectExtension(type);
  return typeof extension === 'string' && extension !== 'bin' ? [extension] : [];
};
