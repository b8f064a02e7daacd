import type { CommandWords, OptionWords } from './words.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

const described = (name: string, doc: string): string => quoted(`${name.replaceAll(':', '\\:')}:${doc}`);

const taken = ({ names, takes }: OptionWords): string => {
  if (takes === null) return '';
  const action = takes === 'file' ? '_files' : `compadd -- ${takes.join(' ')}`;
  return `      ${names.join('|')}) ${action}; return ;;\n`;
};

const branch = ({ path, commands, options, choices }: CommandWords): string => {
  const words = [
    ...commands.map(({ name, doc }) => described(name, doc)),
    ...choices.map((choice) => quoted(choice)),
    ...options.flatMap(({ names, doc }) => names.map((name) => described(name, doc))),
  ];
  return `    '${path.join(' ')}')
      case "$before" in
${options.map(taken).join('')}      esac
      offered=(${words.join(' ')}) ;;
`;
};

/** A script for zsh: a file named `_relayctl` in a folder of `fpath`. */
export const zshScript = (all: readonly CommandWords[]): string => `#compdef relayctl
_relayctl() {
  local at= part before="\${words[CURRENT-1]}"
  local -a offered
  for part in "\${(@)words[2,CURRENT-1]}"; do
    case "\${at:+$at }$part" in
      ${all.flatMap(({ path }) => (path.length === 0 ? [] : [`'${path.join(' ')}'`])).join('|')}) at="\${at:+$at }$part" ;;
    esac
  done
  case "$at" in
${all.map(branch).join('')}  esac
  _describe relayctl offered || _files
}
if [ "$funcstack[1]" = _relayctl ]; then _relayctl "$@"; else compdef _relayctl relayctl; fi
`;
