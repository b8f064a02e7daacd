import { diagnose } from '../../diagnostic-codes.ts';
import type { LintCheck } from '../check.ts';
import { isUnconditional } from '../guarded.ts';

export const lastRoute: LintCheck = {
  name: 'last-route',
  codes: ['RLY3011'],
  doc: 'The last route of the site matches every remaining recipient.',
  avoid: `
routes:
  - { id: inside, when: { recipient.domain: example.com }, to: "smtp://10.1.0.5:25" }
`,
  prefer: `
routes:
  - { id: inside, when: { recipient.domain: example.com }, to: "smtp://10.1.0.5:25" }
  - { id: all, to: mx }
`,
  check: ({ files, mayMiss }) => {
    if (mayMiss('routes')) return [];
    const routes = files.flatMap((file) => file.routes);
    const last = routes.at(-1) ?? files.flatMap((file) => file.grants)[0];
    if (last === undefined || routes.some(isUnconditional)) return [];
    const help = 'End with a catch-all route: { id: internet, to: mx }.';
    return [
      diagnose('RLY3011', last.idAt, {
        message:
          routes.length === 0
            ? 'The site has no routes, so accepted mail cannot be delivered'
            : `${last.id} is the last route but has a condition`,
        help,
      }),
    ];
  },
};
