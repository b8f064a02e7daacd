import { basename, dirname, relative, resolve } from 'node:path';
import type { Diagnostic } from '../../policy/diagnostic.ts';
import { diagnose } from '../../policy/diagnostic-codes.ts';
import { isObject } from '../../policy/json.ts';
import { fileTooLarge } from '../../policy/read/decode.ts';
import { readDocument } from '../../policy/read/document.ts';
import { FILE_LIMITS, readGuarded } from '../../policy/read/guarded-file.ts';
import { SiteFileError } from '../../policy/read/site-file-error.ts';
import { bufferedFile, realPath, type Unsaved } from '../../policy/read/unsaved.ts';
import { validate } from '../../policy/read/validate.ts';
import type { Located } from '../../policy/syntax.ts';
import { checkConfig } from './checks.ts';
import { configOf, type RelayConfig } from './config.ts';
import { configSchema } from './site-keys.ts';

/** One object, so that it is compiled once. */
const SCHEMA = configSchema();

/** The configuration, or why there is none. */
export interface ReadConfig {
  readonly config: RelayConfig | null;
  readonly diagnostics: readonly Diagnostic[];
  /** With the places of its parts; `null` if it is no YAML. */
  readonly document: Located | null;
  /** As messages show it, relative to the site. */
  readonly path: string;
  /** Bytes of the file; `null` if it cannot be read. */
  readonly content: Buffer | null;
}

/** The folder a configuration file belongs to: the one above `config/`, or its own if it stands elsewhere. */
export const siteRoot = (configPath: string): string => {
  const folder = dirname(resolve(configPath));
  return basename(folder) === 'config' ? dirname(folder) : folder;
};

const unreadable = (path: string, { message, trouble }: SiteFileError): Diagnostic =>
  trouble === 'too large'
    ? fileTooLarge(path, message)
    : diagnose(
        'RLY1001',
        { file: path, line: 1, column: 1, endLine: 1, endColumn: 1 },
        {
          message: `Cannot read ${path}: ${message}`,
          help: 'Pass the configuration with --config, or create a site with relayctl init DIR.',
        },
      );

/** Throws `SiteFileError`. */
const bytesOf = (configPath: string, unsaved: Unsaved): Uint8Array => {
  const text = unsaved.get(realPath(configPath));
  return (text === undefined ? readGuarded(configPath, FILE_LIMITS.yaml) : bufferedFile(text, 'yaml')).bytes;
};

/** Reads and checks `config/relay.yaml`, and fills in the defaults. Never throws for what stands, or does not stand, in the file. */
export const readConfig = (configPath: string, unsaved: Unsaved = new Map()): ReadConfig => {
  const root = siteRoot(configPath);
  const path = relative(root, resolve(configPath));
  let content: Buffer;
  try {
    content = Buffer.from(bytesOf(configPath, unsaved));
  } catch (error) {
    if (!(error instanceof SiteFileError)) throw error;
    return { config: null, document: null, diagnostics: [unreadable(path, error)], path, content: null };
  }
  return { ...parseConfig(path, content, root), path, content };
};

const parseConfig = (path: string, content: Buffer, root: string): Pick<ReadConfig, 'config' | 'document' | 'diagnostics'> => {
  const { document, diagnostics } = readDocument(path, content);
  if (!document) return { config: null, document, diagnostics };
  const misfits = validate(document, SCHEMA).diagnostics;
  if (misfits.length > 0) return { config: null, document, diagnostics: [...diagnostics, ...misfits] };
  const found = [...diagnostics, ...checkConfig(document, root)];
  if (found.some(({ severity }) => severity === 'error') || !isObject(document.value))
    return { config: null, document, diagnostics: found };
  return { config: configOf(document.value, root), document, diagnostics: found };
};
