import { execFile } from 'node:child_process';

/*
 * `npm run outdated`: which dependencies have newer versions, and which have known vulnerabilities, as far as the registry answers.
 * It reports and never fails: a build must not break because somebody else published something.
 */

const TIMEOUT_MS = 60_000;

type Report = Readonly<Record<string, unknown>>;

const isReport = (value: unknown): value is Report => typeof value === 'object' && value !== null;

const parsed = (text: string): Report | null => {
  try {
    const value: unknown = JSON.parse(text);
    return isReport(value) ? value : null;
  } catch {
    return null;
  }
};

/** npm ends with 1 when it has something to report; `null` when it has no report. */
const npm = (...words: readonly string[]): Promise<Report | null> =>
  new Promise((resolve) => execFile('npm', [...words, '--json'], { timeout: TIMEOUT_MS }, (_, output) => resolve(parsed(output || '{}'))));

const text = (report: unknown, key: string): string => (isReport(report) && typeof report[key] === 'string' ? report[key] : '?');

const outdatedLines = (report: Report): readonly string[] =>
  Object.entries(report).map(([name, found]) => `  ${name} ${text(found, 'current')} -> ${text(found, 'latest')}`);

const vulnerableLines = ({ vulnerabilities }: Report): readonly string[] =>
  isReport(vulnerabilities)
    ? Object.entries(vulnerabilities).map(([name, found]) => `  ${name} ${text(found, 'range')}: ${text(found, 'severity')}`)
    : [];

const report = (title: string, found: Report | null, linesOf: (report: Report) => readonly string[]): void => {
  if (found === null || 'error' in found) console.log(`${title}: the registry did not answer`);
  else console.log([`${title}:${linesOf(found).length === 0 ? ' none' : ''}`, ...linesOf(found)].join('\n'));
};

const [outdated, audit] = await Promise.all([npm('outdated'), npm('audit')]);
report('outdated packages', outdated, outdatedLines);
report('vulnerable packages', audit, vulnerableLines);
