import { parseArgs } from 'node:util';
import { type Finding, replay, runCase } from './cases.ts';
import type { Target } from './target.ts';
import { TARGETS } from './targets/index.ts';
import { Watchdog } from './watchdog.ts';

/*
 * `npm run fuzz -- --minutes 60 --seed 7`: all targets in turn, each for its share of the time. `--target relay` takes one,
 * `--case 123` runs one case of it again. Ends with 1 if anything was found.
 */

const MiB = 2 ** 20;

interface Options {
  readonly seed: string;
  /** Milliseconds. */
  readonly duration: number;
  readonly only: number | null;
}

const found: Finding[] = [];
const watchdog = new Watchdog();

const note = (finding: Finding): void => {
  found.push(finding);
  console.log(`\nFOUND ${finding.reason}\n  again: ${replay(finding)}\n`);
};

process.on('unhandledRejection', (error) =>
  note({ target: 'unhandled rejection', seed: '', number: 0, reason: error instanceof Error ? (error.stack ?? '') : String(error) }),
);

/** Of one target: enough to see what is wrong. */
const MOST_FOUND = 10;

const fuzz = async (target: Target, { seed, duration, only }: Options): Promise<void> => {
  const open = await target.open();
  const end = performance.now() + duration;
  const memory: number[] = [];
  const before = found.length;
  let number = only ?? 0;
  do {
    watchdog.begins(number);
    const finding = await runCase(target, open, { seed, number });
    if (finding !== null) note(finding);
    if (number % 200 === 0) memory.push(await open.memory().catch(() => 0));
    number++;
  } while (only === null && performance.now() < end && found.length - before < MOST_FOUND);
  memory.push(await open.memory().catch(() => 0));
  await open.close();
  const shown = [memory[0] ?? 0, memory[Math.floor(memory.length / 2)] ?? 0, memory.at(-1) ?? 0]
    .map((bytes) => Math.round(bytes / MiB))
    .join(' -> ');
  console.log(`${target.name}: ${number} cases, memory ${shown} MiB, most ${Math.round(Math.max(...memory) / MiB)} MiB`);
};

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string' }, target: { type: 'string' }, case: { type: 'string' } },
});
const seed = values.seed ?? String(Date.now());
const targets = TARGETS.filter(({ name }) => values.target === undefined || name === values.target);
if (targets.length === 0) throw new Error(`no such target; there are ${TARGETS.map(({ name }) => name).join(', ')}`);
console.log(`seed ${seed}`);
for (const target of targets)
  await fuzz(target, {
    seed,
    duration: (Number(values.minutes) * 60_000) / targets.length,
    only: values.case === undefined ? null : Number(values.case),
  });
console.log(found.length === 0 ? 'nothing found' : `${found.length} found`);
process.exit(found.length === 0 ? 0 : 1);
