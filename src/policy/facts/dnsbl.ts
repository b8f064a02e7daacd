import type { FactDefinition } from '../fact-definition.ts';
import { word } from '../types/word.ts';

export const facts: readonly FactDefinition[] = [
  {
    name: 'dnsbl.<name>',
    type: word,
    collection: true,
    from: 'connect',
    provider: 'lookup',
    configuredBy: 'dnsbl',
    lifetime: 'connection',
    doc: 'Codes the DNS list of that name in `config/relay.yaml` returns for the client (RFC 5782); absent if not listed, unknown on an error code.',
    example: { when: { 'dnsbl.zen': ['sbl', 'xbl'] }, given: { 'dnsbl.zen': ['xbl', 'pbl'] }, holds: true },
    lookUp: async ({ name, facts: given, services, signal }) => {
      const address = given.get('client.ip');
      if (typeof address !== 'string') return null;
      const codes = await services.blocklists.check(name.slice('dnsbl.'.length), address, signal);
      return codes.length === 0 ? null : codes;
    },
    assumed: { doc: '`absent`, the client is not listed', value: () => null },
  },
];
