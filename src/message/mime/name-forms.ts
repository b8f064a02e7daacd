import { isUtf8 } from 'node:buffer';
import { decodedWords, type Readings } from './encoded-words.ts';
import { percentBytes } from './parameter-values.ts';

/*
 * The forms in which a name may end up on disk: decoded once more, with compatibility characters replaced by plain
 * ones, without invisible characters, cut at a NUL, without its path and its NTFS stream.
 */

/** File systems cut longer names, each at a different place. */
const LONGEST = 255;
const MOST_FORMS = 60;

/** Never shown: format characters (bidi controls and zero-width ones among them), fillers, variation selectors. */
const INVISIBLE = /[\p{Cf}\u115f\u1160\u2800\u3164\uffa0]|\u034f|\p{Variation_Selector}/gu;
const CONTROLS = /\p{Cc}+/gu;

/** Maps a form to the resulting forms, including itself if it stays possible. */
type Rewrite = (form: string) => readonly string[];

const percent: Rewrite = (form) => {
  if (!/%[0-9a-f]{2}/i.test(form)) return [form];
  const bytes = percentBytes(form);
  return [form, bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')];
};

/** A control character ends a name, becomes a space, or is dropped. */
const controls: Rewrite = (form) =>
  /\p{Cc}/u.test(form) ? [form.replace(CONTROLS, ' '), form.replace(CONTROLS, ''), ...form.split(CONTROLS).slice(0, 1)] : [form];

const invisible: Rewrite = (form) => [form.replace(INVISIBLE, '')];
const compatible: Rewrite = (form) => [form, form.normalize('NFKC').replace(/[\u3002\uff61\u2024]/g, '.')];

/** RFC 2183 2.3: a path is not part of a name. Trailing slashes are dropped, as every system does. */
const withoutPath: Rewrite = (form) => {
  const path = /[\\/][.\s]*$/.test(form.slice(-LONGEST)) ? trimmed(form, /[\\/.\s]/) : form;
  return [path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)];
};

/** Strips trailing characters; a regular expression alone would take quadratic time on a long run of them. */
const trimmed = (form: string, sign: RegExp): string => {
  let end = form.length;
  while (end > 0 && sign.test(form[end - 1] ?? '')) end--;
  return form.slice(0, end);
};

/** `a.exe::$DATA` and `a.exe:x.txt` are streams of `a.exe` on NTFS; a colon followed by a space is part of a sentence. */
const withoutStream: Rewrite = (form) => (/:(?=\S|$)/.test(form) ? [form, ...form.split(/:(?=\S|$)/)] : [form]);

const tidy: Rewrite = (form) => [trimmed(form, /[\s"'<>,;`]/).replace(/^[\s"'<]+/, '')];

const AFTER_DECODING: readonly Rewrite[] = [percent, controls, invisible, compatible, withoutPath, withoutStream, tidy];

/** All forms of a name as written; the form a strict reader uses comes first. */
export const nameForms = (written: string): Readings => {
  const words = [decodedWords(written)];
  if (words[0]?.texts.some((text) => text.includes('=?'))) words.push(...words[0].texts.map(decodedWords));
  const decoded = words.flatMap(({ texts }) => texts);
  let forms: readonly string[] = decoded.length > 0 ? [...decoded, written] : [written];
  for (const step of AFTER_DECODING) forms = [...new Set(forms.flatMap(step))].slice(0, MOST_FORMS);
  const texts = forms.filter((form) => form !== '');
  return { texts, doubt: words.find(({ doubt }) => doubt !== null)?.doubt ?? doubtOf(texts) };
};

/** Windows shows no such ending, and opens the file with the program of that class. */
const CLASS_ID = /\.\s*\{[\da-f]{8}-[\da-f-]{10,40}\}[^\p{L}\p{N}]*$/iu;

const doubtOf = (forms: readonly string[]): string | null => {
  if (forms.length >= MOST_FORMS) return 'a name that may be read in too many ways';
  if (forms.some((form) => CLASS_ID.test(form))) return 'a name that ends in a class id';
  return forms.some((form) => form.length > LONGEST) ? `a name of more than ${LONGEST} characters` : null;
};

/** Lower-case, without the dot; trailing dots and spaces do not hide it, as some systems drop them. */
export const extensionOf = (name: string): string | null => /\.([^.\s]+)$/.exec(trimmed(name, /[.\s]/))?.[1]?.toLowerCase() ?? null;
