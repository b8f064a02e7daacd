import type { FactDefinition } from '../fact-definition.ts';
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
    doc: 'Number of this delivery attempt, starting at 1.',
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
    doc: 'Destination of the attempt: the domain whose MX hosts were used, or the route target, `smtp://10.1.0.5:25`.',
    example: { when: { destination: 'example.net' }, given: { destination: 'example.net' }, holds: true },
  },
  {
    ...attempted,
    name: 'reply.code',
    type: number,
    doc: 'Reply code that decided the attempt, from the next hop or from the relay itself.',
    possible: whole(200, 599),
    example: { when: { 'reply.code': [421, 450] }, given: { 'reply.code': 421 }, holds: true },
  },
  {
    ...attempted,
    name: 'reply.text',
    type: string,
    doc: 'Text of that reply, truncated.',
    example: { when: { 'reply.text': { contains: 'greylist' } }, given: { 'reply.text': '4.7.1 you are greylisted' }, holds: true },
  },
];
