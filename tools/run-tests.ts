/*
 * Runs the test files named in build/test-files, as many at a time as there are processors, and lists in build/failed-tests what failed:
 * name, file and the first lines of the error, each as it happens, so a run that is cut off has told so far.
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { run } from 'node:test';
import { spec, type TestEvent } from 'node:test/reporters';

const FAILED = 'build/failed-tests';
const MOST_LINES = 12;
/** Lines of what a file printed that are listed with a failure of it. */
const MOST_PRINTED = 8;
const MOST_COLUMNS = 300;

type Failure = Extract<TestEvent, { type: 'test:fail' }>['data'];

const textOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? String(error)) : String(error));

/** A test fails of itself, or because a part of it did. */
const becauseOfPart = (error: Error): boolean => 'failureType' in error && error.failureType === 'subtestsFailed';

const report = ({ name, file = '', line, details }: Failure, printed: readonly string[]): string => {
  const error = textOf(details.error.cause ?? details.error)
    .split('\n')
    .slice(0, MOST_LINES);
  const lines = [...error, ...printed.map((text) => `| ${text}`)].map((text) => `    ${text.slice(0, MOST_COLUMNS)}`);
  return [`✖ ${name}`, `  ${line === undefined ? file : `${file}:${line}`}`, ...lines, ''].join('\n');
};

writeFileSync(FAILED, '');
const printed = new Map<string, readonly string[]>();
const files = readFileSync('build/test-files', 'utf8').split('\n');
const tests = run({ files, concurrency: availableParallelism() });

tests.on('test:stderr', ({ file, message }) => {
  if (file === undefined) return;
  const lines = message.split('\n').filter((text) => text !== '');
  printed.set(resolve(file), [...(printed.get(resolve(file)) ?? []), ...lines].slice(-MOST_PRINTED));
});
tests.on('test:fail', (failure) => {
  if (failure.todo !== undefined && failure.todo !== false) return;
  process.exitCode = 1;
  if (!becauseOfPart(failure.details.error)) appendFileSync(FAILED, report(failure, printed.get(resolve(failure.file ?? '')) ?? []));
});
tests.compose(new spec()).pipe(process.stdout);
