import fc from 'fast-check';
import { type FactValue, Unknown } from '../../../src/policy/value.ts';

/** What a client is, says and sends, and what the world would answer about it. */
export interface Visit {
  readonly ip: string;
  readonly verb: 'HELO' | 'EHLO';
  readonly helo: string;
  /** STARTTLS, and the greeting again. */
  readonly tls: boolean;
  /** Logged in, with the right password; `null`: not at all. */
  readonly user: string | null;
  /** Empty for the null sender. */
  readonly sender: string;
  readonly smtputf8: boolean;
  /** As between the brackets of RCPT. */
  readonly recipients: readonly string[];
  readonly message: Buffer;
  /** BDAT in the place of DATA. */
  readonly chunked: boolean;
  /** Look-ups; what is missing is unknown. */
  readonly found: Readonly<Record<string, FactValue>>;
  /** `limit.<id>` and `greylist.<id>`. */
  readonly counts: Readonly<Record<string, boolean>>;
}

/** Where the relay has it that the client has called. */
export const serverOf = ({ ip }: Pick<Visit, 'ip'>): string => (ip.includes(':') ? '2001:db8::25' : '192.0.2.25');

export const IPS = ['192.0.2.1', '198.51.100.7', '2001:db8::1'] as const;
export const HELOS = ['a.example', 'B.Example', 'a_b', '[192.0.2.1]', 'x', 'xn--bcher-kva.example'] as const;
export const RECIPIENTS = [
  'x@d.example',
  'Y@D.Example',
  'x@e.example',
  'x+tag@d.example',
  'postmaster',
  'Postmaster',
  '"x"@d.example',
  '"a b"@d.example',
  '@relay.example:x@d.example',
  'x%e.example@d.example',
  'x@[192.0.2.9]',
  'ü@d.example',
  'x@bücher.example',
  'nobody',
  'x@-d.example',
] as const;
export const SENDERS = ['', 's@a.example', 'S@B.Example', '"s t"@a.example', '"s"@a.example', 'bad@-a.example', 'ü@a.example'] as const;
export const USERS = ['ann', 'ann@d.example'] as const;
export const RULE_IDS = ['connect', 'helo', 'mail', 'rcpt', 'data', 'data-post', 'queue'].flatMap((hook) => [`${hook}-0`, `${hook}-1`]);

const HEADERS = [
  'X-Kind: one',
  'X-KIND: two',
  'x-kind: =?utf-8?q?one?=',
  'Subject: hello',
  'SUBJECT: One',
  'X-To: x@d.example',
  'X-To: Y@d.example',
  'X-To: victim@other.example',
  'X-To: x@d.example, victim@other.example',
  'X-To: "x@d.example" <victim@other.example>',
  'X-To: =?utf-8?q?victim=40other.example?=',
  'X-To: not an address',
  'Authentication-Results: relay.example.com; spf=pass smtp.mailfrom=a.example',
  'Authentication-Results: (c) "relay.example.com"; dkim=pass',
  'Authentication-Results: other.example; spf=pass',
  'Received: from a by b; Mon, 5 Jan 2026 12:00:00 +0000',
  'From: s@a.example',
  'From: "t" <t@e.example>',
  'To: x@d.example',
] as const;

const BODIES = ['Hello.\r\n', 'wire transfer\r\n.\r\n..\r\n', '', 'no line end'] as const;

const message = fc
  .tuple(fc.array(fc.constantFrom(...HEADERS), { maxLength: 6 }), fc.constantFrom(...BODIES))
  .map(([fields, body]) => Buffer.from(`${fields.map((field) => `${field}\r\n`).join('')}\r\n${body}`));

const unknown = new Unknown('given as unknown');

const found = fc.record(
  {
    'spf.result': fc.constantFrom<FactValue>('pass', 'fail', null, unknown),
    'client.rdns': fc.constantFrom<FactValue>('a.example', 'mail.b.example', null, unknown),
    'client.fcrdns': fc.constantFrom<FactValue>(true, false, null, unknown),
    'dkim.result': fc.constantFrom<FactValue>('pass', 'none', unknown),
    'sender.resolvable': fc.constantFrom<FactValue>(true, false, unknown),
  },
  { requiredKeys: [] },
);

const counts = fc
  .array(fc.tuple(fc.constantFrom('limit', 'greylist'), fc.constantFrom(...RULE_IDS)), { maxLength: 4 })
  .map((names) => Object.fromEntries(names.map(([kind, id]) => [`${kind}.${id}`, true])));

const isAscii = (text: string): boolean => /^[ -~]*$/.test(text);

export const visit: fc.Arbitrary<Visit> = fc
  .record({
    ip: fc.constantFrom(...IPS),
    verb: fc.constantFrom('EHLO' as const, 'EHLO' as const, 'HELO' as const),
    helo: fc.constantFrom(...HELOS),
    tls: fc.nat(4).map((chance) => chance === 0),
    user: fc.option(fc.constantFrom(...USERS), { freq: 2 }),
    sender: fc.oneof({ arbitrary: fc.constantFrom('', 's@a.example', 'S@B.Example'), weight: 4 }, fc.constantFrom(...SENDERS)),
    recipients: fc.array(
      fc.oneof({ arbitrary: fc.constantFrom('x@d.example', 'Y@D.Example', 'x@e.example'), weight: 2 }, fc.constantFrom(...RECIPIENTS)),
      { minLength: 1, maxLength: 5 },
    ),
    message,
    chunked: fc.boolean(),
    found,
    counts,
  })
  .map((one) => ({ ...one, smtputf8: ![one.sender, ...one.recipients].every(isAscii) }));
