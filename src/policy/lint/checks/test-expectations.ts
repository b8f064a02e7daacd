import { actions } from '../../actions/index.ts';
import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { mailAddress } from '../../possible.ts';
import { entry, oneOrMany } from '../../read/parts.ts';
import type { TestExpectation, TestSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';

export const testExpectations: LintCheck = {
  name: 'test-expectations',
  codes: ['RLY6004'],
  doc: 'A test expects only what can happen.',
  avoid: `
tests:
  - { name: a, given: { helo.name: home }, expect: { at: helo, verdict: reject, code: 450 } }
  - { name: b, given: { recipient.address: info@example.com }, expect: { recipients: ann } }
  - { name: c, given: { recipient.address: info@example.com }, expect: { at: bounce, hold: 5m } }
`,
  prefer: `
tests:
  - { name: a, given: { helo.name: home }, expect: { at: helo, verdict: reject, code: 550 } }
  - { name: b, given: { recipient.address: info@example.com }, expect: { recipients: ann@example.com } }
  - { name: c, given: { recipient.address: info@example.com }, expect: { at: deferred, hold: 5m } }
`,
  check: ({ files }) => files.flatMap((file) => file.tests).flatMap(checkTest),
};

const CLASS: ReadonlyMap<string, number> = new Map([
  ['reject', 5],
  ['defer', 4],
  ['accept', 2],
]);

const checkTest = ({ expect }: TestSyntax): readonly Diagnostic[] => [
  ...checkCode(expect),
  ...checkAddresses(expect),
  ...checkHook(expect),
];

const checkCode = ({ verdict, code, codeAt }: TestExpectation): readonly Diagnostic[] => {
  const wanted = verdict === null ? undefined : CLASS.get(verdict);
  if (wanted === undefined || code === null || Math.floor(code / 100) === wanted) return [];
  const help = `With ${String(verdict)}, expect a ${wanted}xx code or none.`;
  return [diagnose('RLY6004', codeAt, { message: `${String(verdict)} never replies with ${code}`, help })];
};

/** Words that name addresses. */
const ADDRESSES = ['recipients', 'refused', 'sender'];

const checkAddresses = ({ more }: TestExpectation): readonly Diagnostic[] =>
  ADDRESSES.flatMap((key) => entry(more, key) ?? [])
    .flatMap(oneOrMany)
    .flatMap(({ value, at }) => {
      if (value === 'absent' || mailAddress.test(String(value))) return [];
      return [diagnose('RLY6004', at, { message: `${JSON.stringify(value)} is not a valid address`, help: mailAddress.doc })];
    });

/** Words that speak of the effect of the action of that name. */
const EFFECTS = ['hold', 'dsn'];

const checkHook = ({ at, more }: TestExpectation): readonly Diagnostic[] =>
  EFFECTS.flatMap((key) => {
    const hooks = actions.get(key)?.hooks ?? [];
    if (entry(more, key) === null || (at !== null && hooks.includes(at))) return [];
    const message = at === null ? `Expecting ${key} requires a hook` : `${key} is not possible at ${at}`;
    return [diagnose('RLY6004', more.spanOf([key], 'key'), { message, help: `Write at: ${hooks.join(' or at: ')}.` })];
  });
