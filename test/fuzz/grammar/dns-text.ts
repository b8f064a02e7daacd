import { mutatedText } from '../mutate.ts';
import type { Random } from '../random.ts';

const MECHANISMS = [
  '+all',
  '-all',
  '~all',
  '?all',
  'a',
  'mx',
  'a:x.example/24',
  'mx/24//64',
  'ptr',
  'ip4:192.0.2.0/24',
  'ip4:999.1.1.1',
  'ip6:2001:db8::/32',
  'exists:%{i}._spf.%{d2r.}',
  'include:a.example',
  'include:%{d}',
  'redirect=a.example',
  'exp=%{l}.x.example',
  'exists:%{',
  'a/33',
  'all',
  '%{p}',
  'include:',
  'exists:%{d99}.x',
  'x=y',
] as const;

const RECORDS = [
  (random: Random) => `v=spf1 ${random.several(0, 14, () => random.pick(MECHANISMS)).join(' ')}`,
  (random: Random) =>
    `v=DMARC1; p=${random.pick(['none', 'reject', 'x', ''])}; sp=quarantine; pct=${random.pick(['0', '101', '-1'])}; adkim=${random.pick(['r', 's', 'x'])}; rua=mailto:a@b`,
  (random: Random) =>
    `v=DKIM1; k=${random.pick(['rsa', 'ed25519', 'x'])}; h=sha256; t=${random.pick(['y', 's', ''])}; p=${random.bytes(random.length(300)).toString('base64')}`,
  (random: Random) => 'x'.repeat(random.length(2_000)),
] as const;

/** A TXT record as mail uses them, broken now and then; latin1. */
export const dnsText = (random: Random): string => mutatedText(random, random.pick(RECORDS)(random), 0.6);
