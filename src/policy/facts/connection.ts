import type { FactDefinition } from '../fact-definition.ts';
import { whole } from '../possible.ts';
import { ip } from '../types/ip.ts';
import { number } from '../types/number.ts';
import { string } from '../types/string.ts';

const common = { provider: 'session', keptWithMail: true, collection: false, from: 'connect_init', lifetime: 'connection' } as const;

export const facts: readonly FactDefinition[] = [
  {
    ...common,
    name: 'connection.id',
    type: string,
    doc: 'UUID of the connection; its nth transaction is `<uuid>.<n>`.',
    example: {
      when: { 'connection.id': { exists: true } },
      given: { 'connection.id': '5f0c9a4e-7a11-4a39-9a53-0f5d4a2f3c11' },
      holds: true,
    },
  },
  {
    ...common,
    name: 'listener',
    type: string,
    doc: 'Name of the listener that accepted the connection.',
    example: { when: { listener: 'submission' }, given: { listener: 'mx' }, holds: false },
  },
  {
    ...common,
    name: 'server.ip',
    type: ip,
    doc: 'Local address the client connected to.',
    example: { when: { 'server.ip': '192.0.2.25' }, given: { 'server.ip': '192.0.2.25' }, holds: true },
  },
  {
    ...common,
    name: 'server.port',
    type: number,
    doc: 'Local port the client connected to.',
    possible: whole(1, 65_535),
    example: { when: { 'server.port': [465, 587] }, given: { 'server.port': 587 }, holds: true },
  },
];
