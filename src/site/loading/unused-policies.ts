import { readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Diagnostic } from '../../policy/diagnostic.ts';
import { diagnose } from '../../policy/diagnostic-codes.ts';
import { attempt } from '../../policy/read/guarded-file.ts';
import { SiteFileError, type SiteFiles } from '../../policy/read/site-files.ts';
import type { RelayConfig } from '../config/config.ts';
import { fixedPart } from '../files/path-patterns.ts';

/** Entries of folders that are looked at; a site has dozens. */
const MOST_ENTRIES = 2000;
const MOST_DEPTH = 4;

/** Where policies stand by custom. */
const CUSTOMARY = 'rules';

/** Told by their names in lower case: `a.yaml`, `q.yml`. */
const YAML = /^[^.].*\.ya?ml$/;

/** What only a policy has at its left margin. */
const POLICY = /^(?:rules|grants|routes|lists):\s*(?:$|[[{#])/m;

export interface SitePolicies {
  readonly config: Pick<RelayConfig, 'root' | 'policies'>;
  /** Paths that the patterns name. */
  readonly named: ReadonlySet<string>;
  /** Text of the configuration: a policy that a comment mentions was switched off on purpose. */
  readonly text: string;
  readonly files: SiteFiles;
}

/** A warning for every policy that stands beside those of the site, and that no entry of `policies:` names. */
export const unusedPolicies = (site: SitePolicies): readonly Diagnostic[] =>
  [...new Set(foldersOf(site).flatMap((folder) => yamlBelow(site.config.root, folder)))]
    .filter((path) => !site.named.has(path) && !site.text.includes(posix.basename(path)) && isPolicy(site.files, path))
    .sort()
    .map((path) =>
      diagnose(
        'RLY5013',
        { file: path, line: 1, column: 1, endLine: 1, endColumn: 1 },
        {
          message: 'This file is not listed under policies',
          help: `Add "- ${path}" to policies, or mention the file there in a comment if it is off on purpose.`,
        },
      ),
    );

/** The folders of the patterns, and the customary one; not that of the site itself, which holds much else. */
const foldersOf = ({ config }: SitePolicies): readonly string[] => {
  const folders = config.policies.map((pattern) => fixedPart(posix.normalize(pattern)));
  return [...new Set([...folders, CUSTOMARY])].filter((folder) => folder !== '.' && folder !== '' && !folder.startsWith('..'));
};

const yamlBelow = (root: string, folder: string, depth = 0): readonly string[] => {
  const found: string[] = [];
  for (const entry of entriesOf(root, folder)) {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory() && depth < MOST_DEPTH && !entry.name.startsWith('.')) found.push(...yamlBelow(root, path, depth + 1));
    if (entry.isFile() && YAML.test(entry.name.toLowerCase())) found.push(path);
    if (found.length > MOST_ENTRIES) break;
  }
  return found;
};

const entriesOf = (root: string, folder: string) => {
  try {
    return attempt(() => readdirSync(join(root, folder), { withFileTypes: true })).slice(0, MOST_ENTRIES);
  } catch (error) {
    if (error instanceof SiteFileError) return [];
    throw error;
  }
};

const isPolicy = (files: SiteFiles, path: string): boolean => {
  try {
    const text = Buffer.from(files.readBytes(path, 'yaml')).toString();
    return /^version:/m.test(text) && POLICY.test(text);
  } catch (error) {
    if (error instanceof SiteFileError) return false;
    throw error;
  }
};
