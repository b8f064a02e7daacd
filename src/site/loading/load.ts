import { compilePolicy, type Policy } from '../../policy/compile/policy.ts';
import type { Diagnostic } from '../../policy/diagnostic.ts';
import { distinct } from '../../policy/lint/distinct.ts';
import { lintSite } from '../../policy/lint/lint.ts';
import { type ChosenSeverity, silenced, weighted } from '../../policy/lint/silence.ts';
import { type SiteFiles, siteFiles } from '../../policy/read/site-files.ts';
import { type Unsaved, withUnsaved } from '../../policy/read/unsaved.ts';
import type { Located, PolicyFile } from '../../policy/syntax.ts';
import type { RelayConfig } from '../config/config.ts';
import { decidingPart } from '../config/effects.ts';
import { lookUpKeys } from '../config/look-up-keys.ts';
import { readConfig } from '../config/read.ts';
import { writableByAll } from '../files/exposure.ts';
import { readNamedFiles } from '../files/read-files.ts';
import { exposedByLists, withoutSecrets } from '../files/secret-files.ts';
import type { Secrets } from '../files/secrets.ts';
import { guardLists } from './list-guard.ts';
import { readPolicies } from './policy-files.ts';
import { recordReads, versionOf } from './recorded-files.ts';
import { surroundingsOf } from './surroundings.ts';
import { unusedPolicies } from './unused-policies.ts';

/** A site that may run: nothing about it is an error. */
export interface Site {
  readonly config: RelayConfig;
  readonly files: readonly PolicyFile[];
  readonly policy: Policy;
  /** Reads what tests name. */
  readonly reader: SiteFiles;
  readonly secrets: Secrets;
  /** What the policies and lists were read from, by path. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
}

/** What loading found. */
export interface Loaded {
  /** `null` when a diagnostic is an error. */
  readonly site: Site | null;
  readonly config: RelayConfig | null;
  /** Sorted by file, line and column. */
  readonly diagnostics: readonly Diagnostic[];
  /** Policy files that were understood. */
  readonly files: readonly PolicyFile[];
  /** How many policy files the configuration names, those with errors included. */
  readonly named: number;
  /** Text of everything that was read, by the path that diagnostics name. */
  readonly sources: ReadonlyMap<string, string>;
  /** The configuration file itself could not be read. */
  readonly unreadable: boolean;
}

/** Names of the codes of each DNS list. */
export const dnsListCodes = ({ services }: RelayConfig): ReadonlyMap<string, readonly string[]> =>
  new Map(Object.entries(services.dnsbl).map(([name, { codes }]) => [name, Object.keys(codes)]));

const isError = ({ severity }: Diagnostic): boolean => severity === 'error';

/** What may only be said because a list stands in a part that could not be read. */
const restsOnOthers = ({ code }: Diagnostic): boolean => code === 'RLY2002' || code === 'RLY2024';

const inOrder = (a: Diagnostic, b: Diagnostic): number =>
  a.at.file.localeCompare(b.at.file) || a.at.line - b.at.line || a.at.column - b.at.column;

/** What the next policy is compared with. */
interface Sizes {
  readonly lists: ReadonlyMap<string, { readonly size: number }>;
}

/**
 * Reads, checks and compiles the site of a configuration file. `running` is the policy that would be
 * replaced: lists may not shrink below it by more than they allow. `unsaved` is what an editor has in the place of files.
 * Never throws for what stands in files.
 */
export const loadSite = (configPath: string, running?: Sizes, unsaved: Unsaved = new Map()): Loaded =>
  load(configPath, { running, unsaved, eased: {} });

/** Lint only samples sessions; what is to be proved or refuted of all of them keeps no site from being loaded. */
const TO_BE_PROVED: Readonly<Record<string, ChosenSeverity>> = { RLY4011: 'warning', RLY4030: 'warning' };

/** The same for `prove`: that strangers could relay is no error, so that it can be shown. Such a site is not for serving. */
export const loadSiteToProve = (configPath: string): Loaded =>
  load(configPath, { running: undefined, unsaved: new Map(), eased: TO_BE_PROVED });

const load = (configPath: string, { running, unsaved, eased }: Pick<Loading, 'running' | 'unsaved' | 'eased'>): Loaded => {
  const read = readConfig(configPath, unsaved);
  const { config, document, content } = read;
  const texts = new Map(content ? [[read.path, content.toString('utf8')]] : []);
  if (!config || !document)
    return { site: null, config, diagnostics: read.diagnostics, files: [], named: 0, sources: texts, unreadable: content === null };
  return { ...loadPolicies({ config, document, texts, found: read.diagnostics, running, unsaved, eased }), config, unreadable: false };
};

interface Loading {
  readonly config: RelayConfig;
  readonly document: Located;
  readonly texts: Map<string, string>;
  readonly found: readonly Diagnostic[];
  readonly running: Sizes | undefined;
  readonly unsaved: Unsaved;
  /** Severities of this load, whatever the site says. */
  readonly eased: Readonly<Record<string, ChosenSeverity>>;
}

/** Comments are looked for in policies and the configuration, not in a list of a million lines. */
const yamlOf = (texts: ReadonlyMap<string, string>): readonly (readonly [string, string])[] =>
  [...texts].filter(([path]) => /\.ya?ml$/.test(path));

const loadPolicies = (loading: Loading): Omit<Loaded, 'config' | 'unreadable'> => {
  const { config, document, texts, found, running, unsaved, eased } = loading;
  const plain = withUnsaved(siteFiles(config.root), config.root, unsaved);
  const reader = recordReads(withoutSecrets(plain, config));
  const patternAt = (index: number) => document.spanOf(['policies', index], 'value');
  const { files, named, diagnostics, complete } = readPolicies(config.policies, { root: config.root, files: reader, patternAt });
  const now = Date.now();
  const compiled = compilePolicy(files, versionOf(reader.contents, decidingPart(config)));
  const linted = [
    ...lintSite(files, {
      files: reader,
      lookUpKeys: lookUpKeys(config),
      dnsListCodes: dnsListCodes(config),
      surroundings: surroundingsOf(config),
      policy: compiled.policy,
      now,
      complete,
    }),
    ...guardLists(files, running?.lists ?? new Map()),
    ...writableByAll(reader.opened),
    ...(complete ? unusedPolicies({ config, named: new Set(named), text: [...texts.values()].join('\n'), files: plain }) : []),
  ];
  const beside = readNamedFiles({ config, document, policies: files, disk: plain, now });
  const whole = complete && !diagnostics.some(isError);
  const exposed = exposedByLists(files, { root: config.root, secrets: beside.secrets });
  const besides = [...beside.diagnostics, ...compiled.diagnostics].filter((diagnostic) => whole || !restsOnOthers(diagnostic));
  const told = [...found, ...diagnostics, ...linted, ...besides];
  const quotable = told.filter(({ at }) => !exposed.files.has(at.file));
  for (const [path, bytes] of reader.contents) if (!exposed.files.has(path)) texts.set(path, Buffer.from(bytes).toString('utf8'));
  const heard = silenced([...distinct([...quotable, ...exposed.diagnostics])], { sources: yamlOf(texts), complete: whole });
  const all = [...weighted(heard, { ...config.lint.severities, ...eased })].sort(inOrder);
  const { policy } = compiled;
  const { contents } = reader;
  const site =
    all.some(isError) || !policy || !complete ? null : { config, files, policy, secrets: beside.secrets, reader: plain, contents };
  return { site, diagnostics: all, files, named: named.length, sources: texts };
};
