import { diagnose } from '../../diagnostic-codes.ts';
import { elements } from '../../read/parts.ts';
import type { Located } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { factConditionsOf, guardedOf } from '../guarded.ts';
import { operatorUses } from '../operator-uses.ts';

export const plainGlob: LintCheck = {
  name: 'plain-glob',
  codes: ['RLY2015'],
  doc: 'A glob contains * or ?.',
  avoid: `
rules:
  - { id: a, on: helo, when: { helo.name: { glob: localhost } }, then: reject }
`,
  prefer: `
rules:
  - { id: a, on: helo, when: { helo.name: { glob: "*.localhost" } }, then: reject }
`,
  check: ({ files }) =>
    files
      .flatMap(guardedOf)
      .flatMap(factConditionsOf)
      .flatMap(operatorUses)
      .filter(({ operator }) => operator === 'glob')
      .flatMap(({ operand }) => [operand, ...elements(operand)])
      .filter(isPlain)
      .map(({ value, at }) =>
        diagnose('RLY2015', at, {
          message: `The glob ${String(value)} has neither * nor ?`,
          help: `It matches only itself: write eq: ${String(value)}, or add a *.`,
        }),
      ),
};

const isPlain = ({ value }: Located): boolean => typeof value === 'string' && !/[*?]/.test(value);
