import { relative, sep } from 'node:path';
import { readBrokenPolicy } from '../../policy/read/policy.ts';
import { type SiteFiles, siteFiles } from '../../policy/read/site-files.ts';
import { withUnsaved } from '../../policy/read/unsaved.ts';
import type { PolicyFile } from '../../policy/syntax.ts';
import { type Loaded, loadSite } from '../../site/loading/load.ts';
import type { TestResult } from '../../site/testing/result.ts';
import { runTest } from '../../site/testing/run-test.ts';
import { testsOf } from '../../site/testing/run-tests.ts';
import { occurrencesIn } from '../names/occurrences.ts';
import { NO_NAMES, type SiteNames } from '../names/site-names.ts';
import type { AnalyseOrder, Analysis, TestOrder } from './analysis.ts';

/** What an editor is told at most: more of them can neither be shown nor read. */
const MOST_DIAGNOSTICS = 2000;
const MOST_OCCURRENCES = 100_000;

interface Read {
  readonly files: readonly PolicyFile[];
  readonly partly: readonly string[];
}

const isYaml = (path: string): boolean => /\.ya?ml$/i.test(path);

/** Files whose YAML is broken, as far as they can be made out. */
const brokenFiles = (sources: ReadonlyMap<string, string>, understood: readonly PolicyFile[], reader: SiteFiles): Read => {
  const known = new Set(understood.map(({ path }) => path));
  const broken = [...sources].filter(([path]) => isYaml(path) && !known.has(path));
  return {
    files: broken.flatMap(([path, text]) => readBrokenPolicy(path, text, reader) ?? []),
    partly: broken.map(([path]) => path),
  };
};

const namesOf = ({ files, partly }: Read, dnsLists: SiteNames['dnsLists']): SiteNames => {
  const occurrences = files.flatMap(occurrencesIn);
  return {
    lists: files.flatMap(({ lists }) => lists).map(({ name, type, entries, file }) => ({ name, type, entries: entries.length, file })),
    occurrences: occurrences.slice(0, MOST_OCCURRENCES),
    dnsLists,
    tests: files.flatMap(({ tests }) => tests.map(({ name, at }) => ({ name, at }))),
    partly: occurrences.length > MOST_OCCURRENCES ? [...partly, 'the rest of the site'] : partly,
  };
};

const readNames = (loaded: Loaded, order: AnalyseOrder): SiteNames | null => {
  const { config, files, sources } = loaded;
  if (config === null) return null;
  const own = relative(config.root, order.configPath).split(sep).join('/');
  const reader = withUnsaved(siteFiles(config.root), config.root, order.unsaved);
  const broken = brokenFiles(new Map([...sources].filter(([path]) => path !== own)), files, reader);
  const faulty = files.filter(({ leftOut }) => leftOut.length > 0).map(({ path }) => path);
  const dnsLists = new Map(Object.entries(config.services.dnsbl).map(([name, { codes }]) => [name, Object.keys(codes)]));
  return namesOf({ files: [...files, ...broken.files], partly: [...broken.partly, ...faulty] }, dnsLists);
};

/** What was known of a site when its configuration could last be read, by configuration. */
const lastNames = new Map<string, SiteNames>();

/** Reads and checks a site as it is being edited, by the same code as `lint`. */
export const analyse = (order: AnalyseOrder): Analysis => {
  const loaded = loadSite(order.configPath, undefined, order.unsaved);
  const names = readNames(loaded, order) ?? { ...(lastNames.get(order.configPath) ?? NO_NAMES), partly: ['config/relay.yaml'] };
  lastNames.set(order.configPath, names);
  return { diagnostics: loaded.diagnostics.slice(0, MOST_DIAGNOSTICS), names };
};

/** Runs the tests of a file as it is being edited, or the one of that name; `null` if the site has errors. */
export const runTestsOf = async ({ configPath, unsaved, file, name }: TestOrder): Promise<readonly TestResult[] | null> => {
  const { site } = loadSite(configPath, undefined, unsaved);
  if (!site) return null;
  const results: TestResult[] = [];
  for (const placed of testsOf(site))
    if (placed.test.at.file === file && (name === null || placed.test.name === name)) results.push(await runTest(placed.test, placed));
  return results;
};
