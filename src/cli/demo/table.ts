import { type Paint, painter } from '../terminal/style.ts';
import type { Played } from './play.ts';

const names = (message: string): readonly string[] =>
  (message.split('\r\n\r\n', 1)[0] ?? '').split('\r\n').flatMap((line) => /^([A-Za-z-]+):/.exec(line)?.[1] ?? []);

/** Nothing, or for whom, and which header fields the relay added. */
const delivery = ({ delivered, scene }: Played): string => {
  if (delivered === null) return 'nothing';
  const before = names(scene.lines.at(-1) ?? '');
  const added = names(delivered.message).filter((name) => !before.includes(name));
  return `to ${delivered.recipient}, with ${added.join(', ')}`;
};

const cells = (played: Played): readonly string[] => [
  played.scene.name,
  played.scene.sent,
  played.reply.replace(/queued as \S+/, 'queued'),
  played.by === '' ? '(a limit of the relay)' : played.by,
  delivery(played),
];

const HEAD = ['scene', 'sent', 'reply', 'decided by', 'delivered'] as const;

const row = (widths: readonly number[], texts: readonly string[]): string =>
  texts
    .map((text, index) => text.padEnd(widths[index] ?? 0))
    .join('  ')
    .trimEnd();

/** One row per scene. */
export const demoTable = (played: readonly Played[], color: boolean): string => {
  const paint: Paint = painter(color);
  const rows = played.map(cells);
  const widths = HEAD.map((title, index) => Math.max(title.length, ...rows.map((texts) => (texts[index] ?? '').length)));
  return `${[paint('bold', row(widths, HEAD)), ...rows.map((texts) => row(widths, texts))].join('\n')}\n`;
};
