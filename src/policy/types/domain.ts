import type { ValueType } from '../definition.ts';
import { normalDomain, normalDomainPart } from '../mailbox.ts';
import { domainName } from '../possible.ts';
import type { Scalar } from '../value.ts';

/** Every subdomain. */
const isWide = (literal: Scalar): boolean => typeof literal === 'string' && literal.startsWith('.');

export const domain: ValueType = {
  name: 'domain',
  doc: 'A domain or host name, compared as lower-case A-labels; `[192.0.2.1]` is allowed too. A literal `.example.com` covers every subdomain.',
  literal: {
    type: 'string',
    pattern: '^(?:\\.?[^\\s.@/:*?\\[\\]]+(?:\\.[^\\s.@/:*?\\[\\]]+)*\\.?|\\[[^\\s\\[\\]]+\\])$',
    description: 'A domain, `example.com`; `.example.com` covers every subdomain but not the domain itself',
  },
  normalize: (value) => (isWide(value) ? null : normalDomain(String(value))),
  ordered: false,
  textual: true,
  lists: ['domain', 'glob', 'regex'],
  caseless: true,
  part: normalDomainPart,
  entries: 'domain',
  spans: isWide,
  possible: domainName,
};
