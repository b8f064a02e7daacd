import type { Diagnostic } from '../diagnostic.ts';
import { diagnose } from '../diagnostic-codes.ts';
import { LIST_TYPES, type ListEntry, type ListSyntax, type ListType, type Located } from '../syntax.ts';
import { readListFile } from './list-file.ts';
import { elements, entry, numberOf, textOf } from './parts.ts';
import { SiteFileError, type SiteFiles } from './site-files.ts';

interface ReadList {
  readonly list: ListSyntax;
  readonly diagnostics: readonly Diagnostic[];
}

/** A list of the policy with its entries, from the policy itself or from the file it names. */
export const readList = (name: string, located: Located, files: SiteFiles): ReadList => {
  const file = textOf(entry(located, 'file'));
  const values = entry(located, 'values');
  const content = file === null ? inline(values) : fromFile(file, located, files);
  const list: ListSyntax = {
    name,
    type: typeOf(textOf(entry(located, 'type'))),
    entries: content.entries,
    file,
    minEntries: numberOf(entry(located, 'min_entries')),
    maxShrink: shareOf(entry(located, 'max_shrink')),
    at: located.at,
    nameAt: located.spanOf([], 'key'),
  };
  return { list, diagnostics: content.diagnostics };
};

interface Content {
  readonly entries: readonly ListEntry[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A number is taken as it was written: `0777` is not 777. */
const inline = (values: Located | null): Content => ({
  entries: values === null ? [] : elements(values).map((value) => ({ text: textOf(value) ?? value.sourceOf([]), at: value.at })),
  diagnostics: [],
});

const CONTROL = /\p{Cc}/u;

/** In a whole file: faster than asking each of a million entries. */
const CONTROL_IN_LINES = /[^\P{Cc}\n]/u;

const invisible = ({ at }: ListEntry): Diagnostic =>
  diagnose('RLY1006', at, {
    message: 'The entry contains a control character',
    help: 'Write one entry per line, without tabs or invisible characters inside.',
  });

const fromFile = (file: string, located: Located, files: SiteFiles): Content => {
  try {
    const text = files.read(file, 'list');
    const entries = readListFile(file, text);
    const suspects = CONTROL_IN_LINES.test(text) ? entries : [];
    return { entries, diagnostics: suspects.filter((one) => CONTROL.test(one.text)).map(invisible) };
  } catch (error) {
    if (!(error instanceof SiteFileError)) throw error;
    const message = `List file ${file} cannot be read: ${error.message}`;
    const help = 'Name a UTF-8 file by its path relative to the site, such as config/lists/recipients.txt.';
    return { entries: [], diagnostics: [diagnose('RLY1203', located.spanOf(['file'], 'value'), { message, help })] };
  }
};

const typeOf = (word: string | null): ListType => LIST_TYPES.find((known) => known === word) ?? 'string';

/** `0.2` or `20%`. */
const shareOf = (written: Located | null): number | null => {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(textOf(written) ?? '');
  return percent ? Number(percent[1]) / 100 : numberOf(written);
};
