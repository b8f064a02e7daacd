import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { ConditionSyntax, Named, RouteSyntax, RuleSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { guardFingerprint, guardOf, isUnconditional } from '../guarded.ts';
import { asksOfSets, implies, rootsOf } from '../values/implies.ts';
import { type Reasoning, reasoningOf } from '../values/reasoning.ts';
import { endsHook } from '../verdicts.ts';

export const shadowed: LintCheck = {
  name: 'shadowed',
  codes: ['RLY4044'],
  doc: 'No earlier rule or route decides for every session for which a later one would hold.',
  avoid: `
rules:
  - { id: whole, on: mail, when: { sender.domain: [spam.example, .spam.example] }, then: reject }
  - { id: part, on: mail, when: { sender.domain: bulk.spam.example, sender.null: false }, then: { score: 3 } }
`,
  prefer: `
rules:
  - { id: part, on: mail, when: { sender.domain: bulk.spam.example }, then: { score: 3 } }
  - { id: whole, on: mail, when: { sender.domain: [spam.example, .spam.example] }, then: reject }
`,
  check: (site) => {
    const reasoning = reasoningOf(site);
    const rules = site.files.flatMap((file) => file.rules).filter((rule) => !isUnconditional(rule));
    const hooks = [...new Set(rules.map(({ on }) => on))];
    return [
      ...hooks.flatMap((hook) => shadowedIn(askingOf(rules.filter(({ on }) => on === hook)), reasoning)),
      ...shadowedIn(askingOf(site.files.flatMap((file) => file.routes).filter((route) => !isUnconditional(route))), reasoning),
    ];
  },
};

interface Asking {
  readonly named: Named;
  readonly condition: ConditionSyntax;
  readonly fingerprint: string;
  readonly roots: ReadonlySet<string>;
  /** Whoever meets it gets no further. */
  readonly decides: boolean;
  /** Where an earlier rule is skipped because it is unknown, this one acts. */
  readonly defers: boolean;
}

/** Every pair is compared, so their number is bounded: lint of a large site stays short, and leaves its pairs alone. */
const MOST_PAIRS = 200;
const MOST_RULES = 300;

const shadowedIn = (all: readonly Asking[], reasoning: Reasoning): readonly Diagnostic[] => {
  if (all.length > MOST_RULES) return [];
  const deciding: Asking[] = [];
  const found: Diagnostic[] = [];
  let pairs = 0;
  for (const later of all) {
    const earlier = deciding.find((one) => {
      if (
        later.defers ||
        pairs >= MOST_PAIRS ||
        one.fingerprint === later.fingerprint ||
        ![...one.roots].every((root) => later.roots.has(root))
      )
        return false;
      pairs += 1;
      return implies(later.condition, one.condition, reasoning);
    });
    if (earlier !== undefined) found.push(told(later, earlier));
    else if (later.decides) deciding.push(later);
  }
  return found;
};

/** Rules may change these between two others. */
const CHANGES = /^(?:result\.|tag$|score$|grant$|recipient\.|sender\.|recipients|header\.|client\.(?:rdns|fcrdns)$)/;

const REWRITES: ReadonlySet<string> = new Set([
  'rewrite_recipient',
  'rewrite_sender',
  'add_recipient',
  'redirect_to',
  'set',
  'tag',
  'score',
  'rdns',
]);

const isRule = (one: RuleSyntax | RouteSyntax): one is RuleSyntax => 'on' in one;

const askingOf = (all: readonly (RuleSyntax | RouteSyntax)[]): readonly Asking[] => {
  const changing = all.some(
    (one) => isRule(one) && one.actions.some(({ action }) => REWRITES.has(action) && action !== 'score' && action !== 'tag'),
  );
  return all.flatMap((one) => {
    const condition = guardOf(one);
    const roots = rootsOf(condition);
    if ([...roots].some((root) => /^(?:result\.|score$)/.test(root) || (changing && CHANGES.test(root)))) return [];
    const decides = roots.size > 0 && !asksOfSets(condition) && (!isRule(one) || (endsHook(one) && one.onUnknown === 'skip'));
    const defers = isRule(one) && one.onUnknown === 'defer';
    return [{ named: one, condition, fingerprint: guardFingerprint(one), roots, decides, defers }];
  });
};

const told = ({ named: later }: Asking, { named: earlier }: Asking): Diagnostic =>
  diagnose('RLY4044', later.idAt, {
    message: `${later.id} never decides anything: whatever meets its condition has met that of ${earlier.name}`,
    help: `Move it before ${earlier.name}, or narrow the condition of ${earlier.name}.`,
    related: [{ at: earlier.idAt, message: 'decides first' }],
  });
