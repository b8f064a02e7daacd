import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { realPath } from '../policy/read/unsaved.ts';

/** Where a site has its configuration, below its folder. */
const CONFIG = 'config/relay.yaml';

/** Folders above a document in which a site is looked for. */
const MOST_FOLDERS = 40;

/** The path of a document on the disk; `null` for one that is none of ours: unsaved and nameless, or from elsewhere. */
export const pathOf = (uri: string): string | null => {
  if (!uri.startsWith('file:')) return null;
  try {
    return fileURLToPath(uri);
  } catch {
    return null;
  }
};

/** The configuration of the site that a file belongs to: of the nearest folder that has one. `null` if it belongs to none. */
export const configFor = (path: string): string | null => {
  if (path.endsWith(join(sep, CONFIG))) return path;
  let folder = dirname(path);
  for (let count = 0; count < MOST_FOLDERS; count += 1) {
    if (existsSync(join(folder, CONFIG))) return join(folder, CONFIG);
    if (dirname(folder) === folder) return null;
    folder = dirname(folder);
  }
  return null;
};

/** A document that an editor has open, and where it stands. */
export interface OpenDocument {
  readonly document: TextDocument;
  /** Absolute, with links resolved. */
  readonly real: string;
  readonly configPath: string;
  /** Relative to the site, as diagnostics name it. */
  readonly file: string;
}

/** The site's folder of a configuration at `config/relay.yaml`. */
export const folderOf = (configPath: string): string => dirname(dirname(configPath));

/** `null` for what belongs to no site. */
export const openDocument = (document: TextDocument): OpenDocument | null => {
  const path = pathOf(document.uri);
  const configPath = path === null ? null : configFor(path);
  if (path === null || configPath === null) return null;
  const file = relative(folderOf(configPath), path).split(sep).join('/');
  return { document, real: realPath(path), configPath, file };
};

export const isConfiguration = ({ file }: Pick<OpenDocument, 'file'>): boolean => file === CONFIG;

/** Where the address of a file of the site is not that of a document which is open. */
export const uriOf = (configPath: string, file: string): string => pathToFileURL(join(folderOf(configPath), file)).href;
