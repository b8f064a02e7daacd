import type { FixedFile } from '../../site/fixing/fix-site.ts';

/** Lines around a change. */
const CONTEXT = 3;

/** Pairs of lines that are compared; a stretch with more is shown as replaced. */
const MOST = 4_000_000;

interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** What changes in a file, as `diff -u` shows it. */
export const unifiedDiff = ({ path, before, after }: FixedFile): string => {
  const lines = differences(before.split('\n'), after.split('\n'));
  return [`--- a/${path}\n`, `+++ b/${path}\n`, ...hunksOf(lines).map((hunk) => written(hunk, lines))].join('');
};

interface Hunk {
  readonly start: number;
  readonly end: number;
}

/** Changes with the lines around them, in one where they meet. */
const hunksOf = (lines: readonly Line[]): readonly Hunk[] => {
  const hunks: Hunk[] = [];
  for (const [at, { sign }] of lines.entries()) {
    if (sign === ' ') continue;
    const last = hunks.at(-1);
    const end = Math.min(lines.length, at + 1 + CONTEXT);
    if (last !== undefined && at - CONTEXT <= last.end) hunks.splice(-1, 1, { start: last.start, end });
    else hunks.push({ start: Math.max(0, at - CONTEXT), end });
  }
  return hunks;
};

const written = ({ start, end }: Hunk, lines: readonly Line[]): string => {
  const range = (sign: '-' | '+'): string => {
    const count = (part: readonly Line[]): number => part.filter((line) => line.sign === ' ' || line.sign === sign).length;
    return `${sign}${count(lines.slice(0, start)) + 1},${count(lines.slice(start, end))}`;
  };
  const body = lines.slice(start, end).map(({ sign, text }) => `${sign}${text}\n`);
  return [`@@ ${range('-')} ${range('+')} @@\n`, ...body].join('');
};

/** The fewest lines out and in: the longest common sequence of what is left between common beginnings and ends. */
const differences = (before: readonly string[], after: readonly string[]): readonly Line[] => {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const kept = (texts: readonly string[]): readonly Line[] => texts.map((text) => ({ sign: ' ', text }));
  const middle = changes(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  return [...kept(before.slice(0, head)), ...middle, ...kept(before.slice(before.length - tail))];
};

const changes = (before: readonly string[], after: readonly string[]): readonly Line[] => {
  const out = (text: string | undefined): Line => ({ sign: '-', text: text ?? '' });
  const into = (text: string | undefined): Line => ({ sign: '+', text: text ?? '' });
  if (before.length * after.length > MOST) return [...before.map(out), ...after.map(into)];
  const common = commonLengths(before, after);
  const width = after.length + 1;
  const lines: Line[] = [];
  let [x, y] = [0, 0];
  while (x < before.length || y < after.length) {
    if (x < before.length && before[x] === after[y]) {
      lines.push({ sign: ' ', text: before[x] ?? '' });
      [x, y] = [x + 1, y + 1];
    } else if (y >= after.length || (x < before.length && (common[(x + 1) * width + y] ?? 0) >= (common[x * width + y + 1] ?? 0))) {
      lines.push(out(before[x]));
      x += 1;
    } else {
      lines.push(into(after[y]));
      y += 1;
    }
  }
  return lines;
};

/** For each pair of places how many lines the rests of both texts have in common. */
const commonLengths = (before: readonly string[], after: readonly string[]): Uint16Array => {
  const width = after.length + 1;
  const common = new Uint16Array((before.length + 1) * width);
  for (let x = before.length - 1; x >= 0; x -= 1)
    for (let y = after.length - 1; y >= 0; y -= 1) {
      const [skipped, down, right] = [
        common[(x + 1) * width + y + 1] ?? 0,
        common[(x + 1) * width + y] ?? 0,
        common[x * width + y + 1] ?? 0,
      ];
      common[x * width + y] = before[x] === after[y] ? skipped + 1 : Math.max(down, right);
    }
  return common;
};
