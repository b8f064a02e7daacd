import type { Diagnostic } from '../diagnostic.ts';
import type { RouteSyntax } from '../syntax.ts';
import type { LintCheck } from './check.ts';
import { diagnose } from './codes.ts';
import { isUnconditional } from './guarded.ts';

export const routeOrder: LintCheck = {
  name: 'route-order',
  codes: ['RLY3011', 'RLY4008'],
  doc: 'The last route of the site takes every recipient that is left, and none stands behind it.',
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
    const last = routes.at(-1);
    if (all !== undefined) return behind.map((route) => dead(route, all));
    return last === undefined ? [] : [conditional(last)];
  },
};

const dead = (route: RouteSyntax, all: RouteSyntax): Diagnostic =>
  diagnose('RLY4008', route.idAt, {
    message: `${route.id} takes no recipient: ${all.name} takes all of them before it`,
    help: `Put it in front of ${all.name}, or give that one a when:.`,
    related: [{ at: all.idAt, message: 'a route without a condition' }],
  });

const conditional = (last: RouteSyntax): Diagnostic =>
  diagnose('RLY3011', last.idAt, {
    message: `${last.id} is the last route and has a condition`,
    help: 'End with a route for everybody who is left: { id: internet, to: mx }.',
  });
