import { type Paint, painter } from '../style.ts';
import type { Played } from './play.ts';

const names = (message: string): readonly string[] =>
  (message.split('\r\n\r\n', 1)[0] ?? '').split('\r\n').flatMap((line) => /^([A-Za-z-]+):/.exec(line)?.[1] ?? []);

/** What came out at the other side: nothing, or the message with what the relay added to it. */
const arrival = ({ arrived, scene }: Played): string => {
  if (arrived === null) return 'nothing';
  const before = names(scene.lines.at(-1) ?? '');
  const added = names(arrived.message).filter((name) => !before.includes(name));
  return `for ${arrived.recipients.join(', ')}, with ${added.join(', ')} added`;
};

const cells = (played: Played): readonly string[] => [
  played.scene.name,
  played.scene.sent,
  played.reply.replace(/queued as \S+/, 'queued'),
  played.by === '' ? '(a limit of the relay)' : played.by,
  arrival(played),
];

const HEAD = ['scene', 'sent', 'reply', 'decided by', 'arrived'] as const;

const row = (widths: readonly number[], texts: readonly string[]): string =>
  texts
    .map((text, index) => text.padEnd(widths[index] ?? 0))
    .join('  ')
    .trimEnd();

/** One row a scene. */
export const demoTable = (played: readonly Played[], color: boolean): string => {
  const paint: Paint = painter(color);
  const rows = played.map(cells);
  const widths = HEAD.map((title, index) => Math.max(title.length, ...rows.map((texts) => (texts[index] ?? '').length)));
  return `${[paint('bold', row(widths, HEAD)), ...rows.map((texts) => row(widths, texts))].join('\n')}\n`;
};
