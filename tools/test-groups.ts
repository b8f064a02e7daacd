/*
 * Prints the test files to run, as built. A process for each of two hundred files
 * spends more time on starting than on testing, so the small ones of a folder are imported by one file. Those that
 * start processes, or measure their own, run alone.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Folders whose tests run in one process. */
const SHARED = /^build\/test\/(?:policy|message|lookup|delivery|smtp|queue)(?:\/|$)/;
/** What a test does that cannot bear others beside it. */
const ALONE =
  /memoryUsage|cpuUsage|resourceUsage|PerformanceObserver|monitorEventLoopDelay|getActiveResourcesInfo|execFile|spawn|fork\(|process\.(?:chdir|env|on)\b/;
/** Files to a process. */
const MOST = 8;
const GROUP = 'together';

const filesIn = (root: string): readonly string[] =>
  readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.js') && !basename(file).startsWith(GROUP))
    .map((file) => join(root, file))
    .sort();

const bearsOthers = (file: string): boolean => SHARED.test(dirname(file)) && !ALONE.test(readFileSync(file, 'utf8'));

/** Writes a file that imports these, and returns its path. */
const groupOf = (folder: string, files: readonly string[], number: number): string => {
  const path = join(folder, `${GROUP}-${number}.test.js`);
  writeFileSync(path, files.map((file) => `import './${basename(file)}';\n`).join(''));
  return path;
};

const groupsOf = ([folder, files]: readonly [string, readonly string[]]): readonly string[] =>
  Array.from({ length: Math.ceil(files.length / MOST) }, (_, number) => files.slice(number * MOST, (number + 1) * MOST)).map(
    (some, number) => groupOf(folder, some, number),
  );

const files = filesIn('build/test');
const shared = new Map<string, string[]>();
for (const file of files.filter(bearsOthers)) shared.set(dirname(file), [...(shared.get(dirname(file)) ?? []), file]);
const alone = files.filter((file) => !bearsOthers(file));
process.stdout.write([...alone, ...[...shared].flatMap(groupsOf)].sort().join('\n'));
