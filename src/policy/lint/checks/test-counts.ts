import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { entries } from '../../read/parts.ts';
import { didYouMean } from '../../suggest.ts';
import type { PolicyFile } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';

export const testCounts: LintCheck = {
  name: 'test-counts',
  codes: ['RLY6006'],
  doc: 'A test gives limit and greylist results only for rules that have them.',
  avoid: `
rules:
  - { id: often, on: mail, limit: { key: [client.net], count: messages, max: 3, per: 1m }, then: defer }
tests:
  - { name: a, given: { limit.offten: true }, expect: { at: mail, verdict: defer } }
`,
  prefer: `
rules:
  - { id: often, on: mail, limit: { key: [client.net], count: messages, max: 3, per: 1m }, then: defer }
tests:
  - { name: a, given: { limit.often: true }, expect: { at: mail, verdict: defer } }
`,
  check: ({ files, mayMiss }) => {
    const known = countsOf(files);
    const isUnknown = (name: string): boolean => isCount(name) && !known.has(name) && !mayMiss('rules', name.slice(name.indexOf('.') + 1));
    return files
      .flatMap((file) => file.tests)
      .flatMap(({ given }) =>
        entries(given).flatMap(([name]) => (isUnknown(name) ? [unknown(name, known, given.spanOf([name], 'key'))] : [])),
      );
  },
};

const isCount = (name: string): boolean => /^(limit|greylist)\./.test(name);

/** By id and by full name. */
const countsOf = (files: readonly PolicyFile[]): ReadonlySet<string> =>
  new Set(
    files
      .flatMap((file) => file.rules)
      .flatMap(({ id, name, limit, actions }) => [
        ...(limit ? [`limit.${id}`, `limit.${name}`] : []),
        ...(actions.some(({ action }) => action === 'greylist') ? [`greylist.${id}`, `greylist.${name}`] : []),
      ]),
  );

const unknown = (name: string, known: ReadonlySet<string>, at: Diagnostic['at']): Diagnostic => {
  const [kind = '', rule = ''] = [name.slice(0, name.indexOf('.')), name.slice(name.indexOf('.') + 1)];
  const help = didYouMean(name, known, `Name a rule with a ${kind}, by its id or as <file>/<id>.`);
  return diagnose('RLY6006', at, { message: `No rule named ${rule} has a ${kind}`, help });
};
