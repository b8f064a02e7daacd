import { compilePolicy, type Policy } from '../../src/policy/compile/policy.ts';
import { decide } from '../../src/policy/decide/evaluate.ts';
import { readPolicy } from '../../src/policy/read/policy.ts';
import type { FactValue } from '../../src/policy/value.ts';
import { alternate } from '../alternate.ts';
import type { Round } from '../row.ts';

/** Of one file: a file has a bound. */
const RULES_A_FILE = 4000;

const HEAD = `version: 1
lists:
${Array.from({ length: 50 }, (_, n) => `  l${n}: { type: domain, values: [l${n}.example, .m${n}.example] }`).join('\n')}
grants:
  - { id: ours, when: { recipient.domain: ours.example } }
`;

const none = (): never => {
  throw new Error('the policies name no files');
};

/** One rule for each condition, and a grant for `ours.example`. */
const policyOf = (conditions: readonly string[]): Policy => {
  const rules = conditions.map((when, n) => `  - { id: r${n}, on: rcpt, when: ${when}, then: { reject: "550 5.7.1 No" } }`);
  const files = Array.from({ length: Math.ceil(rules.length / RULES_A_FILE) }, (_, at) => {
    const part = rules.slice(at * RULES_A_FILE, (at + 1) * RULES_A_FILE).join('\n');
    return readPolicy(`rules/p${at}.yaml`, `${at === 0 ? HEAD : 'version: 1\n'}rules:\n${part}\n`, { read: none, readBytes: none }).file;
  });
  const { policy } = compilePolicy(
    files.filter((file) => file !== null),
    'bench',
  );
  if (policy === null) throw new Error('the policy does not compile');
  return policy;
};

export type Given = Readonly<Record<string, FactValue>>;

const GIVEN: Given = {
  'client.ip': '198.51.100.7',
  'sender.address': 'somebody@sender.example',
  'recipient.address': 'user@ours.example',
  'recipient.index': 3,
};

/** What a handful of lines written for just these rules costs: none of them holds, and the grant does. */
type ByHand = (given: Given) => unknown;

/** One decision at `rcpt`, in microseconds of CPU. */
export const deciding = (conditions: readonly string[], byHand: ByHand, calls: number, rounds: number): readonly Round[] => {
  const policy = policyOf(conditions);
  return alternate(
    calls,
    rounds,
    () => decide(policy, 'rcpt', GIVEN),
    () => byHand(GIVEN),
  );
};

const ACCEPTED = { verdict: 'accept', by: 'ours' };

/** Refuses these domains, and lets `ours.example` in. */
export const byDomain =
  (refused: ReadonlySet<string>): ByHand =>
  (given) => {
    const address = String(given['recipient.address']).toLowerCase();
    const domain = address.slice(address.lastIndexOf('@') + 1);
    if (refused.has(domain)) return { verdict: 'reject', code: 550 };
    return domain === 'ours.example' ? ACCEPTED : { verdict: 'reject', code: 550 };
  };
