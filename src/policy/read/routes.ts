import type { Located, RouteSyntax } from '../syntax.ts';
import { readUnless, readWhen } from './conditions.ts';
import { readNamed } from './named.ts';
import { except } from './parts.ts';

/** A route as written: target and options are left for `delivery` to understand. */
export const readRoute = (located: Located, stem: string): RouteSyntax => ({
  ...readNamed(located, stem),
  when: readWhen(located),
  unless: readUnless(located),
  to: located.below(['to']),
  options: except(located, ['id', 'description', 'when', 'unless', 'to']),
});
