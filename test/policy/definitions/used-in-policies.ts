import { facts } from '../../../src/policy/facts/index.ts';

const literal = (text: string): string => text.replaceAll('.', '\\.');

/** Of a family, `header.` or `limit.<policy>/<rule>`, any member will do. */
const pattern = (name: string): string => {
  const [stem = ''] = name.split('<');
  return stem.endsWith('.') ? `${literal(stem)}[\\w${name.includes('/') ? '/' : ''}-]+` : literal(stem);
};

const ANY_FACT = `(?<![\\w.])(?:${[...facts.keys()].map(pattern).join('|')})`;

const STRING = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/.source;
const COMMENT = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/.source;

/** A text, a comment, or the title of a test with what opens it. */
const REMARK = new RegExp(`(\\b(?:test|it|suite|describe)\\(\\s*)(?:${STRING})|${COMMENT}|(${STRING})`, 'g');

const YAML_COMMENT = /(^|\s)#[^\n]*/g;

/** The program or policy without its comments, those of policies within it included, and without the titles of tests. */
export const withoutRemarks = (text: string): string =>
  text.replace(REMARK, (_, opening: string = '', string: string = '') => `${opening}${string}`).replace(YAML_COMMENT, '$1');

/** Whether texts, policies or programs that hold some, ask the fact in a condition, state it, or have it in a template. */
export const usesFact = (texts: string, name: string): boolean =>
  new RegExp(`(?<![\\w.])${pattern(name)}['"]?:|\\$\\{${pattern(name)}\\}`).test(texts);

/** Whether a condition on some fact has the operator. A property of that name in a program is none. */
export const usesOperator = (texts: string, name: string): boolean =>
  new RegExp(`${ANY_FACT}['"]?:\\s*\\{[^{}]*?(?<![\\w.-])${name}['"]?:`).test(texts);

/** Whether some rule takes the action. */
export const usesAction = (texts: string, name: string): boolean =>
  new RegExp(`(?<![\\w.])then['"]?:\\s*(?:\\{[^}]*?)?(?<![\\w.-])${name}(?![\\w-])`).test(texts);
