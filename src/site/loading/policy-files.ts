import type { Diagnostic, Span } from '../../policy/diagnostic.ts';
import { diagnose } from '../../policy/diagnostic-codes.ts';
import { fileTooLarge } from '../../policy/read/decode.ts';
import { stemOf } from '../../policy/read/named.ts';
import { readPolicy } from '../../policy/read/policy.ts';
import { SiteFileError, type SiteFiles } from '../../policy/read/site-files.ts';
import type { PolicyFile } from '../../policy/syntax.ts';
import { expandPattern } from '../files/path-patterns.ts';

/** Where the site's folder is, how to read in it, and where `policies:` stands, for complaints. */
export interface PolicySource {
  readonly root: string;
  readonly files: SiteFiles;
  readonly patternAt: (index: number) => Span;
}

export interface ReadPolicies {
  readonly files: readonly PolicyFile[];
  /** All that the patterns name, those that could not be read or understood included. */
  readonly named: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
  /** All that the patterns name were read, and every pattern names some; parts of them may have faults. */
  readonly complete: boolean;
}

interface Named {
  readonly path: string;
  readonly at: Span;
}

/** The policies that `patterns` name, in configured order; one that is named twice runs at its first place. */
export const readPolicies = (patterns: readonly string[], source: PolicySource): ReadPolicies => {
  const named = patterns.map((pattern, index) => expanded(pattern, source.patternAt(index), source.root));
  const missing = named.flatMap(({ fault }) => fault ?? []);
  const first = new Map<string, Named>();
  for (const { paths, at } of named) for (const path of paths) if (!first.has(path)) first.set(path, { path, at });
  const read = [...first.values()].map((entry) => readOne(entry, source.files));
  return {
    files: read.flatMap(({ file }) => file ?? []),
    named: [...first.keys()],
    complete: missing.length === 0 && read.every(({ file }) => file !== null),
    diagnostics: [...missing, ...duplicateStems([...first.values()]), ...read.flatMap(({ diagnostics }) => diagnostics)],
  };
};

interface Expanded {
  readonly at: Span;
  readonly paths: readonly string[];
  readonly fault: Diagnostic | null;
}

const expanded = (pattern: string, at: Span, root: string): Expanded => {
  try {
    const paths = expandPattern(root, pattern);
    return { at, paths, fault: paths.length === 0 ? matchesNothing(pattern, at) : null };
  } catch (error) {
    if (!(error instanceof SiteFileError)) throw error;
    return { at, paths: [], fault: unreadable(pattern, at, error) };
  }
};

const readOne = ({ path, at }: Named, files: SiteFiles): { file: PolicyFile | null; diagnostics: readonly Diagnostic[] } => {
  try {
    return readPolicy(path, files.readBytes(path, 'yaml'), files);
  } catch (error) {
    if (!(error instanceof SiteFileError)) throw error;
    return { file: null, diagnostics: [unreadable(path, at, error)] };
  }
};

const unreadable = (path: string, at: Span, { message, trouble }: SiteFileError): Diagnostic =>
  trouble === 'too large'
    ? fileTooLarge(path, message)
    : diagnose('RLY5002', at, {
        message: `Cannot read the policy ${path}: ${message}`,
        help: 'Name a file of the site, or remove the entry from policies.',
      });

const matchesNothing = (pattern: string, at: Span): Diagnostic =>
  diagnose('RLY5002', at, {
    message: `No policy matches ${pattern}`,
    help: "Paths are relative to the site's folder, the one above config/.",
  });

const duplicateStems = (named: readonly Named[]): readonly Diagnostic[] => {
  const first = new Map<string, string>();
  return named.flatMap(({ path, at }) => {
    const stem = stemOf(path);
    const earlier = first.get(stem);
    first.set(stem, earlier ?? path);
    if (earlier === undefined) return [];
    const help = 'Rules are named <file stem>/<id>: give one of the two files another name.';
    return [diagnose('RLY5003', at, { message: `${path} has the same stem as ${earlier}`, help })];
  });
};
