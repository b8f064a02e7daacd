import { diagnose } from '../../diagnostic-codes.ts';
import type { LintCheck } from '../check.ts';
import { isUnconditional } from '../guarded.ts';

export const lastRoute: LintCheck = {
  name: 'last-route',
  codes: ['RLY3011'],
  doc: 'The last route of the site takes every recipient that is left.',
  avoid: `
routes:
  - { id: inside, when: { recipient.domain: example.com }, to: "smtp://10.1.0.5:25" }
`,
  prefer: `
routes:
  - { id: inside, when: { recipient.domain: example.com }, to: "smtp://10.1.0.5:25" }
  - { id: all, to: mx }
`,
  wholeSite: true,
  check: ({ files }) => {
    const routes = files.flatMap((file) => file.routes);
    const last = routes.at(-1) ?? files.flatMap((file) => file.grants)[0];
    if (last === undefined || routes.some(isUnconditional)) return [];
    const help = 'End with a route for everybody who is left: { id: internet, to: mx }.';
    return [
      diagnose('RLY3011', last.idAt, {
        message: routes.length === 0 ? 'Nothing says where mail that is let in goes' : `${last.id} is the last route and has a condition`,
        help,
      }),
    ];
  },
};
