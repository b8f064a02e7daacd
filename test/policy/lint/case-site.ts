import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Diagnostic } from '../../../src/policy/diagnostic.ts';
import { loadSite } from '../../../src/site/loading/load.ts';
import { PROJECT } from '../../kit/project.ts';

/*
 * One case a file: the files of a small site, each behind a line `--- path`; what stands before the first is
 * `rules/10-site.yaml`, and `version: 1` is understood. A comment `#! RLY4001` ends a line on which this is said.
 */

export interface SiteCase {
  /** `open-relay/sender-domain` */
  readonly name: string;
  readonly files: ReadonlyMap<string, string>;
  /** `rules/10-site.yaml:4 RLY4001`, sorted. */
  readonly said: readonly string[];
}

const CONFIG = `version: 1
hostname: relay.example.com
listeners:
  - { name: mx, address: "127.0.0.1:2525" }
queue: { path: var/queue }
dnsbl:
  zen:
    zone: zen.spamhaus.org
    codes: { sbl: 127.0.0.2, css: 127.0.0.3, xbl: 127.0.0.4-127.0.0.7, pbl: [127.0.0.10, 127.0.0.11] }
    errors: 127.255.255.0/24
`;

const filesOf = (text: string): ReadonlyMap<string, string> => {
  const parts = (text.startsWith('--- ') ? text : `--- rules/10-site.yaml\n${text}`).split(/^--- /m).slice(1);
  const files = parts.map((part): [string, string] => {
    const end = part.indexOf('\n');
    const path = part.slice(0, end);
    const body = part.slice(end + 1);
    return [path, path.endsWith('.yaml') ? `version: 1\n${body}` : body];
  });
  return new Map([['config/relay.yaml', CONFIG], ...files]);
};

const saidOf = (files: ReadonlyMap<string, string>): readonly string[] =>
  [...files]
    .flatMap(([path, text]) =>
      text
        .split('\n')
        .flatMap((line, at) => [...(/#!(.*)$/.exec(line)?.[1] ?? '').matchAll(/RLY\d{4}/g)].map(([code]) => `${path}:${at + 1} ${code}`)),
    )
    .sort();

/** All cases of a folder beside this file. */
export const casesOf = (folder: string): readonly SiteCase[] => {
  const root = join(PROJECT, 'test/policy/lint', folder);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.txt'))
    .sort()
    .map((name) => {
      const files = filesOf(readFileSync(join(root, name), 'utf8'));
      return { name: name.replace(/\.txt$/, ''), files, said: saidOf(files) };
    });
};

/** What `relayctl lint` says of the site, with paths relative to it. */
export const saidOfSite = ({ files }: Pick<SiteCase, 'files'>): readonly Diagnostic[] => {
  const root = mkdtempSync(join(tmpdir(), 'relayctl-lint-'));
  try {
    for (const [path, text] of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text, { mode: 0o600 });
    }
    return loadSite(join(root, 'config/relay.yaml')).diagnostics;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
};

/** `rules/10-site.yaml:4 RLY4001` */
export const placeOf = ({ code, at }: Diagnostic): string => `${at.file.replace(/^.*\/(?=(?:rules|config)\/)/, '')}:${at.line} ${code}`;

export const isNote = ({ severity }: Diagnostic): boolean => severity === 'info';
