import { stringify } from 'yaml';
import type { Hook } from '../../src/policy/hook.ts';
import { HOOKS } from '../../src/policy/hook.ts';
import type { Json } from '../../src/policy/json.ts';

/** YAML on one line. */
export const flow = (value: Json): string => stringify(value, { collectionStyle: 'flow', lineWidth: 0 }).trim();

export const yaml = (value: Json): string => ['```yaml', stringify(value, { lineWidth: 0 }).trim(), '```'].join('\n');

export const code = (text: string): string => `\`${text}\``;

export const codes = (names: readonly string[]): string => names.map(code).join(', ');

export const hookNames = (hooks: readonly Hook[]): string => (hooks.length === HOOKS.length ? 'all hooks' : codes(hooks));

const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** A table, followed by an empty line. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `${[row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n')}\n`;

/** A description of a schema as a sentence. */
export const sentence = (text: string): string => (text === '' || text.endsWith('.') ? text : `${text}.`);
