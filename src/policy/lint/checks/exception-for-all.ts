import { diagnose } from '../../diagnostic-codes.ts';
import type { LintCheck } from '../check.ts';
import { holdsForEverybody } from '../everybody.ts';
import { guardedOf } from '../guarded.ts';

export const exceptionForAll: LintCheck = {
  name: 'exception-for-all',
  codes: ['RLY4050'],
  doc: 'No exception holds for every session.',
  avoid: `
rules:
  - { id: a, on: mail, when: { sender.domain: spam.example }, unless: [{ client.ip: { exists: true } }], then: reject }
`,
  prefer: `
rules:
  - { id: a, on: mail, when: { sender.domain: spam.example }, unless: [{ auth.user: { exists: true } }], then: reject }
`,
  check: ({ files }) =>
    files.flatMap(guardedOf).flatMap(({ unless, named }) =>
      unless.filter(holdsForEverybody).map(({ at }) =>
        diagnose('RLY4050', at, {
          message: `The exception holds for every session, so ${named.id} never applies`,
          help: 'Narrow it or delete it.',
        }),
      ),
    ),
};
