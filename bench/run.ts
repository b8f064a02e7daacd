/*
 * What things cost, against a yardstick measured in the same run and against the figures kept from the last release:
 *
 *   npm run bench [-- name ...] [--rounds 5] [--save]
 *
 * Without names every row of `rows/` is measured, one after the other. `--save` keeps the figures in `figures.json`. Costs
 * are CPU time, which holds still on a busy machine; compare ratios, since every machine has its own microseconds.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Row } from './row.ts';
import { type Spread, type Summary, summaryOf } from './summary.ts';

const FIGURES = new URL('figures.json', import.meta.url);
const ROWS = new URL('rows/', import.meta.url);

/** Beyond this a ratio counts as changed: a fifth is more than rounds differ by. */
const NOTABLE = 0.2;

const { values: options, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' }, save: { type: 'boolean', default: false } },
});

/** Ratio by name of the row. */
type Figures = Readonly<Record<string, number>>;

const readFigures = async (): Promise<Figures> => JSON.parse(await readFile(FIGURES, 'utf8'));

const rowOf = async (file: string): Promise<Row> => (await import(new URL(file, ROWS).href)).row;

const short = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2));
const shown = ({ median, min, max }: Spread): string => `${short(median)} (${short(min)} to ${short(max)})`;

const change = (ratio: number, kept: number | undefined): string => {
  if (kept === undefined) return 'no figure kept';
  const by = ratio / kept - 1;
  const mark = by > NOTABLE ? '  <- dearer' : '';
  return `kept ${short(kept)}, ${by < 0 ? '' : '+'}${Math.round(by * 100)} %${mark}`;
};

const report = ({ name, unit }: Row, { ours, floor, ratio }: Summary, kept: number | undefined): void => {
  process.stdout.write(`${name}\n  ours  ${shown(ours)} ${unit}\n  floor ${shown(floor)}\n`);
  process.stdout.write(`  ratio ${shown(ratio)}; ${change(ratio.median, kept)}\n`);
};

const kept = await readFigures();
const found: Record<string, number> = { ...kept };
const files = (await readdir(ROWS)).sort();
const chosen = wanted.length === 0 ? files : files.filter((file) => wanted.includes(file.replace(/\.ts$/, '')));
for (const file of chosen) {
  const row = await rowOf(file);
  const summary = summaryOf(await row.run(Number(options.rounds)));
  report(row, summary, kept[row.name]);
  found[row.name] = Number(summary.ratio.median.toFixed(3));
}
if (options.save) await writeFile(FIGURES, `${JSON.stringify(found, null, 2)}\n`);
