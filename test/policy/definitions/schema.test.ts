import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Ajv } from 'ajv';
import type { Json } from '../../../src/policy/json.ts';
import { policySchema } from '../../../src/policy/schema/policy-schema.ts';

/* That a schema refuses what is wrong, at the very place; how that is put into words is tested with read/. */

/** The added words are for editors. */
const validate = new Ajv({ allErrors: true, strict: true, strictTypes: false, strictRequired: false })
  .addVocabulary(['enumDescriptions', 'markdownDescription'])
  .compile(policySchema());

/** Places complained about, each with its keyword. */
const complaints = (policy: Json): readonly string[] => {
  validate(policy);
  return (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if').map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
};

const rule = (parts: Readonly<Record<string, Json>>): Json => ({ version: 1, rules: [{ id: 'a', on: 'rcpt', ...parts }] });
const when = (condition: Json): Json =>
  rule(
    Object.fromEntries([
      ['when', condition],
      ['then', 'accept'],
    ]),
  );
const outcome = (written: Json): Json => rule(Object.fromEntries([['then', written]]));

suite('policy schema', () => {
  const right: readonly Json[] = [
    { version: 1 },
    {
      version: 1,
      lists: {
        a: { type: 'cidr', values: ['10.0.0.0/8'] },
        b: { type: 'address', file: 'config/lists/b.txt', min_entries: 1, max_shrink: '20%' },
      },
    },
    {
      version: 1,
      grants: [
        { id: 'a', when: { 'recipient.address': { in: 'valid_rcpts' }, 'tls.active': true }, unless: [{ 'client.ip': '10.0.0.0/8' }] },
      ],
    },
    {
      version: 1,
      routes: [{ id: 'a', to: 'smtp://10.1.0.5:25', tls: 'required', rate: '100/1m', auth: { user: 'a', password_file: 'config/p' } }],
    },
    {
      version: 1,
      tests: [
        {
          name: 'a',
          given: { 'client.ip': '10.0.0.1', 'dnsbl.zen': 'unknown', 'limit.p/a': true },
          expect: { at: 'rcpt', code: 550, 'result.a': 1 },
        },
      ],
    },
    when({ all: [{ any: [{ not: { score: { gt: 5 } } }] }], none: [{ tag: ['a', 'b'] }] }),
    when({ attachment: { any: { extension: ['exe'], size: { gt: '1MiB' } }, count: { gte: 2 } } }),
    when({ 'header.X-Tenant-Id': { exists: false }, 'from.domain': { every: { in: 'our_domains' } } }),
    outcome([{ log: 'x' }, { set: { a: 1 } }, 'reject']),
    outcome({ reject: 550, disconnect: true }),
    rule(
      Object.fromEntries([
        ['mode', 'shadow'],
        ['expires', '2027-01-31'],
        ['then', 'reject'],
      ]),
    ),
  ];
  right.forEach((policy, index) => {
    test(`takes ${index + 1}`, () => assert.deepEqual(complaints(policy), []));
  });

  const wrong: readonly (readonly [Json, string])[] = [
    [{}, ' required'],
    [{ version: 2 }, '/version const'],
    [{ version: 1, rule: [] }, ' additionalProperties'],
    [{ version: 1, grants: [{ id: 'a' }] }, '/grants/0 required'],
    [{ version: 1, grants: [{ id: 'A', when: { score: 1 } }] }, '/grants/0/id pattern'],
    [{ version: 1, lists: { a: { type: 'cidr', values: [], file: 'x' } } }, '/lists/a/values false schema'],
    [{ version: 1, lists: { a: { type: 'cidr', file: '../x' } } }, '/lists/a/file pattern'],
    [{ version: 1, lists: { a: { type: 'cidr', file: '/etc/x' } } }, '/lists/a/file pattern'],
    [{ version: 1, routes: [{ id: 'a', to: 'http://x' }] }, '/routes/0/to pattern'],
    [when({}), '/rules/0/when minProperties'],
    [when({ 'client.ipp': '10.0.0.1' }), '/rules/0/when additionalProperties'],
    [when({ 'client.ip': { gt: 1 } }), '/rules/0/when/client.ip additionalProperties'],
    [when({ 'client.ip': ['10.0.0.1', 'x y'] }), '/rules/0/when/client.ip/1 pattern'],
    [when({ 'message.size': { gt: '25 MiX' } }), '/rules/0/when/message.size/gt pattern'],
    [when({ 'time.weekday': 'someday' }), '/rules/0/when/time.weekday enum'],
    [when({ attachment: { any: { extention: 'exe' } } }), '/rules/0/when/attachment/any additionalProperties'],
    [when({ score: { count: 1 } }), '/rules/0/when/score additionalProperties'],
    [when({ attachment: 'exe' }), '/rules/0/when/attachment type'],
    [outcome('tarpit'), '/rules/0/then enum'],
    [outcome({ rejct: '550' }), '/rules/0/then additionalProperties'],
    [outcome([{ tarpit: '5 s' }]), '/rules/0/then/0/tarpit pattern'],
    [outcome({ reject: 'go away' }), '/rules/0/then/reject pattern'],
    [outcome({ add_header: { name: 'X A', value: 'x' } }), '/rules/0/then/add_header/name pattern'],
    [outcome({ sign_dkim: { domain: 'example.com', selector: 's', key: '../k.pem' } }), '/rules/0/then/sign_dkim/key pattern'],
    [
      rule(
        Object.fromEntries([
          ['expires', '2027-01-31'],
          ['then', 'reject'],
        ]),
      ),
      '/rules/0 required',
    ],
  ];
  for (const [policy, complaint] of wrong)
    test(`refuses ${JSON.stringify(policy).slice(13, 90)}`, () => assert.deepEqual(complaints(policy), [complaint]));
});
