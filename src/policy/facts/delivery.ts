import type { FactDefinition } from '../definition.ts';
import { DELIVERY_HOOKS, type Hook } from '../hook.ts';
import { whole } from '../possible.ts';
import { duration } from '../types/duration.ts';
import { number } from '../types/number.ts';
import { string } from '../types/string.ts';

/** Hooks after an attempt. */
const ATTEMPTED: readonly Hook[] = ['delivered', 'deferred', 'bounce'];

const common = { provider: 'delivery', collection: false, from: 'get_mx', hooks: DELIVERY_HOOKS, lifetime: 'recipient' } as const;
const attempted = { ...common, from: 'delivered', hooks: ATTEMPTED } as const;

export const facts: readonly FactDefinition[] = [
  {
    ...common,
    name: 'attempt',
    type: number,
    doc: 'Number of this delivery attempt, from 1.',
    possible: whole(1),
    example: { when: { attempt: { gt: 5 } }, given: { attempt: 6 }, holds: true },
  },
  {
    ...common,
    name: 'age',
    type: duration,
    doc: 'Time since the message was accepted.',
    example: { when: { age: { gte: '4h' } }, given: { age: '3h59m' }, holds: false },
  },
  {
    ...attempted,
    name: 'destination',
    type: string,
    doc: 'Where the attempt went: the domain whose MX were asked, or the target of the route, `smtp://10.1.0.5:25`.',
    example: { when: { destination: 'example.net' }, given: { destination: 'example.net' }, holds: true },
  },
  {
    ...attempted,
    name: 'reply.code',
    type: number,
    doc: 'Code of the reply that settled the attempt, of the next hop or our own.',
    possible: whole(200, 599),
    example: { when: { 'reply.code': [421, 450] }, given: { 'reply.code': 421 }, holds: true },
  },
  {
    ...attempted,
    name: 'reply.text',
    type: string,
    doc: 'Its text, cut to a bounded length.',
    example: { when: { 'reply.text': { contains: 'greylist' } }, given: { 'reply.text': '4.7.1 you are greylisted' }, holds: true },
  },
];
