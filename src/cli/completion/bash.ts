import type { CommandWords, OptionWords } from './words.ts';

const caseOf = (pattern: string, action: string): string => `    ${pattern}) ${action} ;;\n`;

const takenBy = (path: string, { names, takes }: OptionWords): string => {
  if (takes === null) return '';
  const action = takes === 'file' ? 'COMPREPLY=($(compgen -f -- "$word")); return' : `words="${takes.join(' ')}"`;
  return caseOf(names.map((name) => `"${path} ${name}"`).join('|'), action);
};

const offered = ({ commands, options, choices }: CommandWords): string =>
  [...commands.map(({ name }) => name), ...choices, ...options.flatMap(({ names }) => names)].join(' ');

/** A script for bash, without what bash-completion would add. */
export const bashScript = (all: readonly CommandWords[]): string => {
  const named = all.filter(({ path }) => path.length > 0);
  return `_relayctl() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" at= words= part
  for part in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $part" in
${named.map(({ path }) => caseOf(`" ${path.join(' ')}"`, `at=" ${path.join(' ')}"`)).join('')}    esac
  done
  case "$at" in
${all.map((one) => caseOf(`"${one.path.map((name) => ` ${name}`).join('')}"`, `words="${offered(one)}"`)).join('')}  esac
  case "$at $before" in
${all.flatMap((one) => one.options.map((option) => takenBy(one.path.map((name) => ` ${name}`).join(''), option))).join('')}  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _relayctl relayctl
`;
};
