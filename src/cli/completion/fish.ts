import type { CommandWords, OptionWords } from './words.ts';

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** True where this command, and none below it, has been written. */
const within = ({ path, commands }: CommandWords): string => {
  if (path.length === 0) return '__fish_use_subcommand';
  const seen = path.map((name) => `__fish_seen_subcommand_from ${name}`);
  const below = commands.length === 0 ? [] : [`not __fish_seen_subcommand_from ${commands.map(({ name }) => name).join(' ')}`];
  return [...seen, ...below].join('; and ');
};

const optionLine = (where: string, { names, doc, takes }: OptionWords): string => {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  const argument = takes === null ? [] : takes === 'file' ? ['-r -F'] : [`-x -a ${quoted(takes.join(' '))}`];
  return ['complete -c relayctl -n', quoted(where), ...flags, ...argument, '-d', quoted(doc)].join(' ');
};

/** A script for fish. */
export const fishScript = (all: readonly CommandWords[]): string =>
  all
    .flatMap((one) => {
      const where = within(one);
      return [
        ...one.commands.map(({ name, doc }) => `complete -c relayctl -f -n ${quoted(where)} -a ${name} -d ${quoted(doc)}`),
        ...(one.choices.length === 0 ? [] : [`complete -c relayctl -f -n ${quoted(where)} -a ${quoted(one.choices.join(' '))}`]),
        ...one.options.map((option) => optionLine(where, option)),
      ];
    })
    .map((line) => `${line}\n`)
    .join('');
