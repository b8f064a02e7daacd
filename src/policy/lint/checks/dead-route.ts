import type { Diagnostic } from '../../diagnostic.ts';
import { diagnose } from '../../diagnostic-codes.ts';
import type { RouteSyntax } from '../../syntax.ts';
import type { LintCheck } from '../check.ts';
import { isUnconditional } from '../guarded.ts';

export const deadRoute: LintCheck = {
  name: 'dead-route',
  codes: ['RLY4008'],
  doc: 'No route follows one that matches every recipient.',
  avoid: `
routes:
  - { id: all, to: mx }
  - { id: inside, when: { recipient.domain: example.com }, to: "smtp://10.1.0.5:25" }
`,
  prefer: `
routes:
  - { id: inside, when: { recipient.domain: example.com }, to: "smtp://10.1.0.5:25" }
  - { id: all, to: mx }
`,
  check: ({ files }) => {
    const routes = files.flatMap((file) => file.routes);
    const catchAll = routes.findIndex(isUnconditional);
    const [all, ...behind] = catchAll < 0 ? [] : routes.slice(catchAll);
    return all === undefined ? [] : behind.map((route) => dead(route, all));
  },
};

const dead = (route: RouteSyntax, all: RouteSyntax): Diagnostic =>
  diagnose('RLY4008', route.idAt, {
    message: `${route.id} never matches: ${all.name} matches every recipient first`,
    help: `Move it before ${all.name}, or give ${all.name} a when:.`,
    related: [{ at: all.idAt, message: 'a route without a condition' }],
  });
