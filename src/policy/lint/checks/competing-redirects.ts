import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import { hookOrder } from '../../hook.ts';
import type { RuleSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { factConditionsOf, guardOf } from '../guarded.ts';
import { excludes } from '../values/joint.ts';
import { reasoningOf } from '../values/reasoning.ts';
import { verdictOf } from '../verdicts.ts';

export const competingRedirects: LintCheck = {
  name: 'competing-redirects',
  codes: ['RLY4040'],
  doc: 'No message is redirected twice.',
  avoid: `
rules:
  - { id: large, on: data_post, when: { message.size: { gt: 10MiB } }, then: { redirect_to: large@example.com } }
  - { id: odd, on: data_post, when: { header.subject: odd }, then: { redirect_to: odd@example.com } }
`,
  prefer: `
rules:
  - { id: large, on: data_post, when: { message.size: { gt: 10MiB } }, then: [{ redirect_to: large@example.com }, accept] }
  - { id: odd, on: data_post, when: { header.subject: odd }, then: { redirect_to: odd@example.com } }
  - { id: old, on: queue, when: { message.size: { lt: 1kB } }, then: { add_recipient: archive@example.com } }
`,
  check: (site) => {
    const redirecting = site.files
      .flatMap((file) => file.rules)
      .filter(({ actions, mode }) => mode === 'enforce' && actions.some(({ action }) => action === 'redirect_to'))
      .sort((a, b) => hookOrder(a.on) - hookOrder(b.on))
      .slice(0, MOST);
    return redirecting.flatMap((rule, at) => {
      if (factConditionsOf(rule).some(({ fact }) => STATE.test(fact))) return [];
      const earlier = redirecting
        .slice(0, at)
        .find((one) => goesOn(one, rule) && !excludes(guardOf(one), guardOf(rule), reasoningOf(site)));
      return earlier === undefined ? [] : [told(rule, earlier)];
    });
  },
};

/** Every pair is compared. */
const MOST = 40;

/** The first redirect may have left a mark that the second one asks for. */
const STATE = /^(?:tag$|result\.|recipients)/;

/** After the first rule the second one still runs. */
const goesOn = (first: RuleSyntax, second: RuleSyntax): boolean => {
  const verdict = verdictOf(first)?.action;
  return verdict === undefined || (verdict === 'accept' && first.on !== second.on);
};

const told = (rule: RuleSyntax, earlier: RuleSyntax): Diagnostic =>
  diagnose('RLY4040', rule.idAt, {
    message: `${rule.id} and ${earlier.name} can both redirect one message, and only ${rule.id} counts`,
    help: 'Write add_recipient: in one of the two, add accept to the first, or make the conditions exclude each other.',
    related: [{ at: earlier.idAt, message: 'the other redirect' }],
  });
