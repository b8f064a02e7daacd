/** One command of a page and what it should print; or a file to write first. */
export type RecordedStep =
  | { readonly kind: 'command'; readonly command: string; readonly output: string }
  | { readonly kind: 'file'; readonly file: string; readonly partial: boolean; readonly text: string };

const BLOCK = /^( *)```(\w+)\n([\s\S]*?)^ *```$/gm;

const indentedBy = (text: string, indent: string): string => text.replaceAll(new RegExp(`^${indent}`, 'gm'), '');

/** `$ command` lines, each followed by its output. */
const commandsIn = (block: string): readonly RecordedStep[] =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      return { kind: 'command', command: part.slice(0, end), output: part.slice(end + 1) };
    });

/** A block whose first line is `# <path>` is that file; `, in part` behind it: these keys of it. */
const fileIn = (block: string): readonly RecordedStep[] => {
  const [, file, partial, text = ''] = /^# ((?:rules|config)\/\S+\.yaml)(, in part)?\n([\s\S]*)$/.exec(block) ?? [];
  return file === undefined ? [] : [{ kind: 'file', file, partial: partial !== undefined, text }];
};

/** What a page tells its reader to do, in order: blocks marked `console`, and YAML blocks that name their file. */
export const stepsOf = (page: string): readonly RecordedStep[] =>
  [...page.matchAll(BLOCK)].flatMap(([, indent = '', language, block = '']) => {
    const text = indentedBy(block, indent);
    if (language === 'console') return commandsIn(text);
    return language === 'yaml' ? fileIn(text) : [];
  });

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whether `actual` is what a page shows: a line of `…` stands for any lines, `…` in a line for anything in it. */
export const matchesRecording = (recorded: string, actual: string): boolean => {
  const lines = recorded.split('\n').map((line) => (line === '…' ? '(?:.*\n)*?' : `${escaped(line).replaceAll('…', '.*')}\n`));
  return new RegExp(`^${lines.join('')}$`).test(`${actual.replaceAll('\r\n', '\n').trimEnd()}\n\n`.replace(/^\n\n$/, '\n'));
};
