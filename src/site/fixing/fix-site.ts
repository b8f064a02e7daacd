import { join } from 'node:path';
import type { Diagnostic, Fix } from '../../policy/diagnostic.ts';
import { type Edited, edited, type Texts } from '../../policy/edited.ts';
import { readDocument } from '../../policy/read/document.ts';
import { realPath } from '../../policy/read/unsaved.ts';
import { siteRoot } from '../config/read.ts';
import { type Loaded, loadSite } from '../loading/load.ts';

/** A file before and after its fixes. */
export interface FixedFile {
  /** As diagnostics name it, relative to the site. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

export interface FixedSite {
  /** The site as it is with the fixes; nothing is written. */
  readonly loaded: Loaded;
  readonly files: readonly FixedFile[];
  /** How many fixes were made. */
  readonly made: number;
}

/** One fix uncovers the next: a key must be known before its value is looked at. Nothing that people write needs more. */
const MOST_PASSES = 20;

/**
 * Makes the fixes of a site in memory, and looks again until none is left or the passes are used up. `unsafe`: also those that
 * are only likely. A file that could be read is never made one that cannot.
 */
export const fixSite = (configPath: string, { unsafe }: { readonly unsafe: boolean }): FixedSite => {
  const root = siteRoot(configPath);
  const first = loadSite(configPath);
  const unsaved = new Map<string, string>();
  const seen = new Set<string>();
  let loaded = first;
  let made = 0;
  for (let pass = 0; pass < MOST_PASSES; pass += 1) {
    const step = careful(loaded.sources, fixesOf(loaded.diagnostics, unsafe));
    const fresh = [...step.texts].filter(([path, text]) => !seen.has(`${path}\0${text}`));
    if (fresh.length === 0 || fresh.length < step.texts.size) break;
    for (const [path, text] of fresh) {
      seen.add(`${path}\0${text}`);
      unsaved.set(realPath(join(root, path)), text);
    }
    made += step.made.length;
    loaded = loadSite(configPath, undefined, unsaved);
  }
  return { loaded, files: changed(first.sources, loaded.sources), made };
};

const changed = (before: Texts, after: Texts): readonly FixedFile[] =>
  [...before].flatMap(([path, text]) => {
    const now = after.get(path) ?? text;
    return now === text ? [] : [{ path, before: text, after: now }];
  });

/** Of each finding the likeliest fix. */
const fixesOf = (diagnostics: readonly Diagnostic[], unsafe: boolean): readonly Fix[] =>
  diagnostics.flatMap(({ fixes }) => fixes.find(({ safe }) => safe || unsafe) ?? []);

/** Fixes that spoil a file together are made one at a time, as far as each is sound. */
const careful = (texts: Texts, fixes: readonly Fix[]): Edited => {
  const all = edited(texts, fixes);
  const spoilt = new Set([...all.texts].filter(([path, text]) => isSpoilt(path, texts.get(path) ?? '', text)).map(([path]) => path));
  if (spoilt.size === 0) return all;
  const harmless = fixes.filter(({ edits }) => edits.every(({ at }) => !spoilt.has(at.file)));
  return edited(texts, [
    ...harmless,
    ...soundAmong(
      texts,
      all.made.filter((fix) => !harmless.includes(fix)),
    ),
  ]);
};

/** More of them in a file that is spoilt are looked at in the next pass. */
const MOST_TRIED = 100;

const soundAmong = (texts: Texts, fixes: readonly Fix[]): readonly Fix[] => {
  const sound: Fix[] = [];
  for (const fix of fixes.slice(0, MOST_TRIED)) {
    const { texts: results } = edited(texts, [...sound, fix]);
    if ([...results].every(([path, text]) => !isSpoilt(path, texts.get(path) ?? '', text))) sound.push(fix);
  }
  return sound;
};

const isSpoilt = (path: string, before: string, after: string): boolean =>
  /\.ya?ml$/.test(path) && reads(path, before) && !reads(path, after);

const reads = (path: string, text: string): boolean => readDocument(path, text).document !== null;
