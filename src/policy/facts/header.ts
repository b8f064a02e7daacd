import type { FactDefinition } from '../fact-definition.ts';
import { string } from '../types/string.ts';

export const facts: readonly FactDefinition[] = [
  {
    name: 'header.<name>',
    type: string,
    collection: true,
    from: 'data_post',
    hooks: ['data_post', 'queue'],
    provider: 'message',
    changedByRules: 'later',
    lifetime: 'transaction',
    doc: 'All values of that header field, unfolded and decoded (RFC 2047); absent if there are none. The name is case-insensitive.',
    example: { when: { 'header.X-Tenant-Id': { exists: true } }, given: { 'header.x-tenant-id': ['42'] }, holds: true },
    derive: (given, name) => {
      const known = name.toLowerCase();
      return known === name ? undefined : given.get(known);
    },
  },
  {
    name: 'raw_header.<name>',
    changedByRules: 'later',
    type: string,
    collection: true,
    from: 'data_post',
    hooks: ['data_post', 'queue'],
    provider: 'message',
    lifetime: 'transaction',
    doc: 'All values of that header field byte for byte, from the colon to the end of its last line: neither unfolded nor decoded, each byte one character.',
    example: {
      when: { 'raw_header.subject': { matches: '[^\\x00-\\x7f]|(?i)=\\?utf-7\\?' } },
      given: { 'raw_header.subject': [' =?UTF-7?Q?+AHc-ire?='] },
      holds: true,
    },
    derive: (given, name) => {
      const known = name.toLowerCase();
      return known === name ? undefined : given.get(known);
    },
  },
];
