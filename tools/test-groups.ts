/*
 * Prints the test files to run, as built. A process for each of two hundred and fifty files spends more time on starting
 * than on testing, so those of a folder are spread over a few files that import them. Those that measure their process, count
 * what it has open or change it run alone.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Folders of the tests, those first that take longest: what begins last should be short. */
const FOLDERS = ['site', 'project', 'relay', 'smtp', 'policy', 'queue'];
/** Folders whose files take seconds each: fewer to a process, so that every processor has something to do until the end. */
const SLOW = new Set(['site', 'project', 'relay', 'smtp', 'cli', 'ledger']);
/** What a test does that cannot bear others beside it. A hook for each test of a file would run for those of others, and twice around their parts. */
const ALONE =
  /memoryUsage|cpuUsage|resourceUsage|PerformanceObserver|monitorEventLoopDelay|getActiveResourcesInfo|openFilesIn|\/proc\/self|process\.(?:chdir|on\b|env\.\w+ =)|assign\(process\.env|^(?:before|after)Each\(/m;
/** Files to a process. */
const MOST = { slow: 4, quick: 12 };
const GROUP = 'together';
const ROOT = 'build/test';

const filesIn = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.js') && !basename(file).startsWith(GROUP))
    .sort();

const bearsOthers = (folder: string, file: string): boolean => !ALONE.test(readFileSync(join(ROOT, folder, file), 'utf8'));

/** Writes a file that imports these, and returns its path. */
const groupOf = (folder: string, files: readonly string[], number: number): string => {
  const path = join(ROOT, folder, `${GROUP}-${number}.test.js`);
  writeFileSync(path, files.map((file) => `import './${file}';\n`).join(''));
  return path;
};

/** Neighbours are often of one kind and equally slow, so they go to different processes. */
const groupsOf = (folder: string): readonly string[] => {
  const files = filesIn(folder);
  const shared = files.filter((file) => bearsOthers(folder, file));
  const count = Math.ceil(shared.length / (SLOW.has(folder) ? MOST.slow : MOST.quick));
  const groups = Array.from({ length: count }, (_, number) => shared.filter((_, at) => at % count === number));
  const alone = files.filter((file) => !bearsOthers(folder, file)).map((file) => join(ROOT, folder, file));
  return [...alone, ...groups.map((some, number) => groupOf(folder, some, number))];
};

const folders = readdirSync(ROOT, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const ordered = [...FOLDERS, ...folders.filter((folder) => !FOLDERS.includes(folder))];
process.stdout.write(ordered.flatMap(groupsOf).join('\n'));
