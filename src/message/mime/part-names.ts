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

/** Characters of all forms of all names of a part; more cost more to find out than an honest part is worth. */
const MOST_FORMS = 64 * 1024;

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/** Every name of a part, whichever field, parameter and way of writing it stands in; duplicates of a field count too. */
export const partNames = (header: PartHeader): PartNames => {
  const fields = [...textsOf(header, 'content-disposition'), ...textsOf(header, 'content-type')];
  if (header.doubt !== null) return { names: [], extensions: [], doubt: header.doubt };
  const readings = unique(fields.flatMap(fieldTexts)).map(nameValues);
  const doubt = readings.find((one) => one.doubt !== null)?.doubt ?? null;
  const named = namesOf(unique(readings.flatMap(({ values }) => values)));
  return { ...named, doubt: doubt ?? named.doubt };
};

/** The names and extensions of names as they were written. */
export const namesOf = (written: readonly string[]): PartNames => {
  const { texts, doubt } = formsOf(written.filter((text) => text !== ''));
  const read = texts.filter((text) => !/=\?[^?]*\?[bq]\?/i.test(text));
  return { names: read.length > 0 ? read : texts, extensions: unique(texts.flatMap((text) => extensionOf(text) ?? [])), doubt };
};

/** Up to the first doubt: after it nobody asks for more. */
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

/** Folds are a blank to most readers and nothing to some; comments and encoded-words are read by some. */
const fieldTexts = (text: string): readonly string[] => {
  const lines = [text.replace(/\r\n/g, ''), text.replace(/\r\n[ \t]+/g, '')];
  const plain = [...lines, ...lines.map(withoutComments)];
  return unique([...plain, ...plain.flatMap((line) => (/^\s*=\?/.test(line) ? decodedWords(line).texts : []))]);
};

/** Fields that a few programs take a name from where there is no other: only what looks like a file's name is one. */
const OTHER_NAMES = ['content-description', 'content-location'] as const;
const FILE_NAME = /^(?!www\.)[^\s@:?/\\]+\.[A-Za-z0-9]{1,8}$/;

/** Of a part that is an attachment and has no name: what other fields call it, and what its type suggests. */
export const suggestedNames = (header: PartHeader, type: string): PartNames => {
  const others = OTHER_NAMES.flatMap((name) => textsOf(header, name)).map((text) => lastPart(text.replace(/\r\n[ \t]*/g, '').trim()));
  const named = namesOf(others.filter((text) => FILE_NAME.test(text)));
  return named.extensions.length > 0 ? named : { ...named, extensions: typeExtensions(type) };
};

/** The last part of a URL's path; any other text as it is. */
const lastPart = (text: string): string => /^(?:[a-z]+:)?\/\/[^/]*\/(?:[^?#]*\/)?([^?#/]*)/i.exec(text)?.[1] ?? text;

/** Types of programs under names that no register has. */
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

/** What a mail program would add to a name, by the type: nothing for a type that says nothing. */
export const typeExtensions = (type: string): readonly string[] => {
  const extension = PROGRAMS.get(type) ?? libmime.detectExtension(type);
  return typeof extension === 'string' && extension !== 'bin' ? [extension] : [];
};
