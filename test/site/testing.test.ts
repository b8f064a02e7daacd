import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { TestResult } from '../../src/site/testing/result.ts';
import { runTests } from '../../src/site/testing/run-tests.ts';
import { CONFIG, type Files, loaded, type TempSite, tempSite } from '../kit/site.ts';

const sites: TempSite[] = [];
after(() => Promise.all(sites.map((site) => site.remove())));

const POLICY = `version: 1
lists:
  people: { type: address, values: [ann@example.com, bob@example.com] }
grants:
  - { id: inbound, when: { recipient.address: { in: people } } }
rules:
  - { id: nameless, on: connect, when: { client.rdns: { exists: false } }, then: { reject: "550 5.7.1 Your address has no name" } }
  - { id: remember, on: mail, then: [{ set: { seen: true } }, { tag: [known] }, { score: 1.5 }] }
  - { id: often, on: rcpt, limit: { key: [client.net], count: recipients, max: 1, per: 1h }, then: { defer: "451 4.7.1 Too many" } }
  - { id: grey, on: rcpt, then: { greylist: { key: [client.net], delay: 5m } } }
  - { id: mark, on: data_post, when: { header.subject: { starts_with: "Offer" } }, then: [{ add_header: { name: X-Offer, value: "yes" } }, { remove_header: X-Old }] }
  - { id: program, on: data_post, when: { attachment: { any: { extension: exe } } }, then: { reject: "552 5.7.0 No programs" } }
  - { id: night, on: data_post, when: { time.hour: 3 }, then: { reject: "550 5.7.1 Asleep" } }
  - { id: patient, on: deferred, when: { attempt: { gt: 3 }, reply.code: 421 }, then: { hold: 1h } }
routes:
  - { id: ann, when: { recipient.local: ann }, to: "smtp://127.0.0.1:2501" }
  - { id: rest, to: mx }
`;

const GIVEN = 'client.ip: 192.0.2.1, client.rdns: host.example.net, sender.address: a@example.net, recipient.address: ann@example.com';

const DNS_LIST = 'dnsbl: { zen: { zone: zen.example, codes: { xbl: 127.0.0.4 } } }\n';

const site = async (files: Files): Promise<TempSite> => {
  const made = await tempSite({ 'config/relay.yaml': `${CONFIG}${DNS_LIST}`, ...files });
  sites.push(made);
  return made;
};

/** Runs one test, written without its name, against the policy. */
const run = async (written: string, files: Files = {}): Promise<TestResult> => {
  const made = await site({ 'rules/10-all.yaml': `${POLICY}tests:\n  - { name: one, ${written} }\n`, ...files });
  const [result] = (await runTests(loaded(made))).results;
  assert.ok(result);
  return result;
};

const holds = async (written: string, files: Files = {}): Promise<void> => assert.deepEqual((await run(written, files)).failures, []);
const fails = async (written: string, why: RegExp): Promise<void> => assert.match((await run(written)).failures.join('\n'), why);

test('a look-up that is not given assumes the normal result', async () => {
  const without = `given: { ${GIVEN.replace('client.rdns: host.example.net, ', '')} }`;
  await holds(`${without}, expect: { verdict: accept }`);
  await holds(`given: { ${GIVEN.replace('host.example.net', 'absent')} }, expect: { at: connect, verdict: reject, by: nameless }`);
  await holds(`given: { ${GIVEN.replace('host.example.net', 'unknown')} }, expect: { verdict: accept }`);
});

test('a well-behaved client passes every rule for good behaviour and matches none for bad', async () => {
  for (const [normal, otherwise] of [
    ['client.rdns: { exists: true }', 'client.rdns: absent'],
    ['client.fcrdns: true', 'client.rdns: absent'],
    ['client.fcrdns: true', 'client.fcrdns: false'],
    ['dnsbl.zen: { exists: false }', 'dnsbl.zen: [xbl]'],
    ['sender.resolvable: true', 'sender.resolvable: false'],
    ['sender.resolvable: true', 'sender.address: absent'],
    ['spf.result: pass', 'spf.result: fail'],
    ['dkim.result: pass', 'dkim.domains: absent'],
    ['dkim.domains: example.net', 'dkim.result: none'],
    ['dkim.domains: example.net', 'dkim.domains: [example.org]'],
    ['dmarc.result: pass', 'dmarc.result: none'],
    ['dmarc.policy: none', 'dmarc.policy: reject'],
    ['arc.result: none', 'arc.result: fail'],
    ['attachment: { exists: false }', 'attachment: [{ extension: pdf }]'],
    ['body.text: { exists: true }', 'body.text: absent'],
    ['header.date: { exists: true }', 'header.date: absent'],
    ['from.address: a@example.net', 'header.from: [b@example.net]'],
  ] as const) {
    const policy = `version: 1
grants: [{ id: all, when: { recipient.domain: example.org } }]
rules: [{ id: odd, on: data_post, unless: [{ ${normal} }], then: reject }]
routes: [{ id: mx, to: mx }]
tests:
  - { name: normal, given: { client.ip: 192.0.2.1, sender.address: a@example.net, recipient.address: b@example.org }, expect: { verdict: accept } }
  - { name: odd, given: { client.ip: 192.0.2.1, ${otherwise.startsWith('sender.address') ? '' : 'sender.address: a@example.net, '}recipient.address: b@example.org, ${otherwise} }, expect: { by: odd } }
`;
    const { results } = await runTests(loaded(await site({ 'rules/10-all.yaml': policy })));
    assert.deepEqual([normal, ...results.flatMap(({ failures }) => failures)], [normal]);
  }
});

test('every key of an expectation is checked', async () => {
  const refused = `given: { ${GIVEN.replace('ann@example.com', 'joe@example.org')} }`;
  await holds(`${refused}, expect: { at: rcpt, verdict: reject, code: 550, enhanced: 5.7.1, text: denied, by: grants }`);
  await holds(`given: { ${GIVEN} }, expect: { at: rcpt, verdict: accept, code: 250, by: inbound }`);
  await fails(`given: { ${GIVEN} }, expect: { code: 550 }`, /expected code 550, got 250/);
  await fails(`${refused}, expect: { verdict: accept }`, /expected verdict accept, got reject/);
  await fails(`${refused}, expect: { enhanced: 5.1.1 }`, /expected enhanced 5\.1\.1, got 5\.7\.1/);
  await fails(`${refused}, expect: { text: sorry }`, /expected text with "sorry"/);
  await fails(`${refused}, expect: { by: nameless }`, /expected by nameless, got grants/);
  await fails(`${refused}, expect: { at: data, verdict: none }`, /data was not reached: rcpt said reject 550/);
  await fails(`${refused}, expect: { route: mx }`, /expected route mx, but rcpt said reject/);
});

test('a rule is named by its id or its full name', async () => {
  const accepted = `given: { ${GIVEN} }`;
  await holds(`${accepted}, expect: { at: rcpt, by: inbound }`);
  await holds(`${accepted}, expect: { at: rcpt, by: 10-all/inbound }`);
});

test('routes, results, tags and score can be expected', async () => {
  const accepted = `given: { ${GIVEN} }`;
  await holds(`${accepted}, expect: { verdict: accept, route: "smtp://127.0.0.1:2501", result.seen: true, tag: known, score: 1.5 }`);
  await fails(`${accepted}, expect: { route: mx }`, /expected route mx, got smtp:\/\/127\.0\.0\.1:2501/);
  await fails(`${accepted}, expect: { tag: [known, other] }`, /expected tag other, got known/);
  await fails(`${accepted}, expect: { score: 2 }`, /expected score 2, got 1\.5/);
  await fails(`${accepted}, expect: { result.seen: false }`, /expected result\.seen false, got true/);
});

test('limits and greylists start empty unless given', async () => {
  const often = '"limit.10-all/often": true';
  await holds(`given: { ${GIVEN}, ${often} }, expect: { at: rcpt, verdict: defer, by: often }`);
  await holds(`given: { ${GIVEN}, "greylist.10-all/grey": true }, expect: { at: rcpt, verdict: defer, by: grey }`);
});

const MESSAGE = `From: a@example.net
Subject: Offer of the day
X-Old: 1
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

Look.
--b
Content-Type: application/octet-stream
Content-Disposition: attachment; filename=FILE

x
--b--
`;

test('a message is parsed as on arrival', async () => {
  const files = { 'test/offer.eml': MESSAGE.replace('FILE', 'list.pdf'), 'test/program.eml': MESSAGE.replace('FILE', 'list.exe') };
  await holds(`given: { ${GIVEN} }, message: test/offer.eml, expect: { verdict: accept, added: X-Offer, removed: x-old }`, files);
  await holds(`given: { ${GIVEN} }, message: test/program.eml, expect: { at: data_post, code: 552, by: program }`, files);
  await holds(`given: { ${GIVEN}, header.subject: Hello }, message: test/offer.eml, expect: { verdict: accept }`, files);
  const spoilt = await run(`given: { ${GIVEN}, header.subject: Hello }, message: test/offer.eml, expect: { added: X-Offer }`, files);
  assert.match(spoilt.failures.join(), /expected added header x-offer, got none/);
});

test('the clock is fixed', async () => {
  await holds(`given: { ${GIVEN} }, expect: { verdict: accept }`);
  await holds(`given: { ${GIVEN}, time.hour: 3 }, expect: { at: data_post, by: night }`);
});

test('delivery hooks are tested with the attempt that is given, on mail with its grant', async () => {
  const after421 = 'grant: inbound, recipient.address: bob@example.com, attempt: 4, reply.code: 421';
  const result = await run(`given: { ${after421} }, expect: { at: deferred, verdict: none }`);
  assert.deepEqual(result.failures, []);
  const held = result.fared.flatMap(({ id, result: truth }) => (truth === 'true' ? [id] : []));
  assert.ok(held.includes('10-all/patient'));
  assert.ok(!held.includes('10-all/remember'));
});

const DELIVERED = `version: 1
lists:
  people: { type: address, values: [ann@example.com, bob@example.com] }
grants:
  - { id: inbound, when: { recipient.address: { in: people } } }
rules:
  - { id: barred, on: connect_init, when: { client.ip: 192.0.2.66 }, then: { reject: "554 5.7.1 Go away", disconnect: true } }
  - { id: alias, on: rcpt, when: { recipient.address: info@example.com }, then: { rewrite_recipient: ann@example.com } }
  - { id: copy, on: data_post, when: { header.subject: Copy }, then: [{ add_recipient: bob@example.com }, { add_header: { name: X-Copy, value: "yes" } }] }
  - { id: bounces, on: data_post, when: { header.subject: Report }, then: { rewrite_sender: reports@example.net } }
  - { id: away, on: data_post, when: { header.subject: Lottery }, then: discard }
  - { id: apart, on: data_post, when: { header.subject: Odd }, then: { quarantine: { reason: "Odd subject" } } }
  - { id: late, on: deferred, then: { hold: 1h } }
  - { id: short, on: bounce, then: { dsn: never } }
routes:
  - { id: secure, when: { recipient.local: bob }, to: mx, tls: verify }
  - { id: rest, to: mx }
`;

const delivered = async (written: string): Promise<string> => {
  const made = await site({ 'rules/10-all.yaml': `${DELIVERED}tests:\n  - { name: one, ${written} }\n` });
  const [result] = (await runTests(loaded(made))).results;
  return result?.failures.join('\n') ?? 'no test';
};

const STRANGER = 'client.ip: 192.0.2.1, sender.address: a@example.net';
const TO_ANN = `${STRANGER}, recipient.address: ann@example.com`;
const QUEUED = 'client.ip: 192.0.2.1, grant: inbound, recipient.address: ann@example.com, reply.code: 450';

for (const [written, failure] of [
  [`given: { ${TO_ANN} }, expect: { recipients: Ann@Example.com, sender: a@example.net }`, ''],
  [`given: { ${TO_ANN} }, expect: { recipients: bob@example.com }`, 'expected recipients bob@example.com, got ann@example.com'],
  [`given: { ${TO_ANN} }, expect: { sender: absent }`, 'expected sender absent, got a@example.net'],
  [`given: { ${STRANGER}, recipient.address: c@example.org }, expect: { recipients: c@example.org }`, 'but nothing was queued'],
  [`given: { ${TO_ANN}, header.subject: Copy }, expect: { recipients: [bob@example.com, ann@example.com], header.X-Copy: "yes" }`, ''],
  [`given: { ${TO_ANN}, header.subject: Copy }, expect: { header.x-copy: "no" }`, 'expected header.x-copy "no", got "yes"'],
  [`given: { ${TO_ANN}, header.subject: Copy }, expect: { header.x-copy: absent }`, 'expected header.x-copy absent, got "yes"'],
  [`given: { ${TO_ANN} }, expect: { header.x-copy: absent }`, ''],
  [`given: { ${TO_ANN} }, expect: { header.x-copy: ["yes"] }`, 'expected header.x-copy "yes", got absent'],
  [`given: { ${TO_ANN}, header.subject: Report }, expect: { sender: reports@example.net }`, ''],
  [
    `given: { ${STRANGER}, recipients: [ann@example.com, c@example.org] }, expect: { recipients: ann@example.com, refused: c@example.org }`,
    '',
  ],
  [`given: { ${STRANGER}, recipients: [ann@example.com, c@example.org] }, expect: { refused: ann@example.com }`, 'got c@example.org'],
  [`given: { ${TO_ANN} }, expect: { refused: ann@example.com }`, 'expected refused ann@example.com, got none'],
  [`given: { client.ip: 192.0.2.66 }, expect: { verdict: reject, disconnect: true }`, ''],
  [`given: { client.ip: 192.0.2.66 }, expect: { disconnect: false }`, 'expected disconnect false, got true'],
  [`given: { ${STRANGER}, recipient.address: c@example.org }, expect: { disconnect: true }`, 'expected disconnect true, got false'],
  [`given: { ${TO_ANN}, header.subject: Lottery }, expect: { verdict: discard, by: away }`, ''],
  [`given: { ${TO_ANN}, header.subject: Odd }, expect: { verdict: quarantine, text: Odd subject }`, ''],
  [`given: { ${TO_ANN}, header.subject: Odd }, expect: { text: score }`, 'expected text with "score", got "Odd subject"'],
  [`given: { ${QUEUED} }, expect: { at: deferred, hold: 60m }`, ''],
  [`given: { ${QUEUED} }, expect: { at: deferred, hold: 1m }`, 'expected hold 1m, got 3600s'],
  [`given: { ${QUEUED} }, expect: { at: deferred, hold: absent }`, 'expected hold absent, got 3600s'],
  [`given: { ${QUEUED} }, expect: { at: bounce, dsn: never }`, ''],
  [`given: { ${QUEUED} }, expect: { at: bounce, dsn: full }`, 'expected dsn full, got never'],
  [`given: { ${QUEUED} }, expect: { at: deferred, dsn: absent }`, ''],
  [`given: { ${STRANGER}, recipient.address: bob@example.com }, expect: { tls: verify }`, ''],
  [`given: { ${TO_ANN} }, expect: { tls: verify }`, 'expected tls verify, got absent'],
  [`given: { ${TO_ANN} }, expect: { signed: absent }`, ''],
  [`given: { ${TO_ANN} }, expect: { signed: example.com }`, 'expected signed "example.com", got none'],
] as const)
  test(`${written}: ${failure || 'holds'}`, async () => {
    const failures = await delivered(written);
    if (failure === '') assert.equal(failures, '');
    else assert.ok(failures.includes(failure), failures);
  });

const traceOf = async (written: string): Promise<readonly string[]> => {
  const { trace } = await run(written);
  return trace.map(({ about, rule, hook, result, why }) => `${about} ${rule} ${hook ?? '-'} ${result} ${why.join('; ')}`);
};

test('a failure names the hook at which the expected rule did decide', async () => {
  const [none, elsewhere, ...rest] = (await run(`given: { ${GIVEN} }, expect: { verdict: accept, by: inbound }`)).failures;
  assert.equal(none, 'expected by inbound, got nobody at queue');
  assert.equal(elsewhere, '10-all/inbound decided at rcpt: to check that, write at: rcpt');
  assert.deepEqual(rest, ['nothing was decided at queue']);
  await holds(`given: { ${GIVEN} }, expect: { at: rcpt, verdict: accept, by: inbound }`);
  await fails(`given: { ${GIVEN} }, expect: { at: mail, by: inbound }`, /got nobody at mail\n10-all\/inbound decided at rcpt/);
  await fails(`given: { ${GIVEN} }, expect: { at: mail, text: Hello }`, /got none$/m);
});

test('an address from a rule has no grant: the trace shows that rule and the grants for that address', async () => {
  const rules = `
  - { id: elsewhere, on: rcpt, when: { recipient.local: bob }, then: { rewrite_recipient: "\${recipient.local}@example.org" } }
  - { id: all-elsewhere, on: data_post, when: { recipients: ann@example.com }, then: { redirect_to: "\${recipients}.invalid" } }`;
  const policy = POLICY.replace('routes:', `${rules.slice(1)}\nroutes:`);
  const refusedBy = async (to: string): Promise<readonly string[]> => {
    const given = GIVEN.replace('ann@example.com', to);
    const text = `${policy}tests:\n  - { name: one, given: { ${given} }, expect: { verdict: accept } }\n`;
    const [result] = (await runTests(loaded(await site({ 'rules/10-all.yaml': text })))).results;
    return (result?.trace ?? []).map(({ about, kind, rule, recipient, result: came }) => [about, kind, rule, recipient, came].join(' '));
  };
  assert.deepEqual(await refusedBy('bob@example.com'), [
    'decided rule 10-all/elsewhere bob@example.com true',
    'decided grant 10-all/inbound bob@example.org false',
  ]);
  assert.deepEqual(await refusedBy('ann@example.com'), [
    'decided rule 10-all/all-elsewhere  true',
    'decided grant 10-all/inbound ann@example.com.invalid false',
  ]);
});

test('a failing test shows the trace of the rule that decided and of the one expected', async () => {
  const known = GIVEN;
  assert.deepEqual((await run(`given: { ${known} }, expect: { verdict: accept }`)).trace, []);
  const refused = await traceOf(`given: { ${known.replace('ann@example.com', 'joe@example.org')} }, expect: { at: rcpt, by: often }`);
  assert.match(refused[0] ?? '', /^decided 10-all\/inbound rcpt false recipient\.address "joe@example\.org" is not in people/);
  assert.match(refused.at(-1) ?? '', /^expected 10-all\/often rcpt /);
  const [decided, expected] = await traceOf(
    `given: { ${known.replace('host.example.net', 'absent')} }, expect: { at: connect, by: remember }`,
  );
  assert.match(decided ?? '', /^decided 10-all\/nameless connect true client\.rdns/);
  assert.equal(expected, 'expected 10-all/remember - not reached mail was not reached');
  const [, grey] = await traceOf(`given: { ${known}, limit.often: true }, expect: { at: rcpt, by: grey }`);
  assert.equal(grey, 'expected 10-all/grey rcpt not reached 10-all/often had decided before');
});

test('rule results given as unknown, and anything derived from them, are unknown', async () => {
  const asking = (condition: string): Files => ({
    'rules/10-all.yaml': `${POLICY.replace('rules:\n', `rules:\n  - { id: ask, on: rcpt, on_unknown: defer, when: { ${condition} }, then: reject }\n`)}tests:\n  - { name: one, given: { ${GIVEN}, GIVEN }, expect: { at: rcpt, verdict: defer, by: ask } }\n`,
  });
  for (const [condition, given] of [
    ['score: { gt: 1 }', 'score: unknown'],
    ['tag: other', 'tag: unknown'],
    ['result.x: one', 'result.x: unknown'],
  ] as const) {
    const [path, text] = Object.entries(asking(condition))[0] ?? assert.fail();
    const made = await site({ [path]: text.replace('GIVEN', given) });
    assert.deepEqual(
      (await runTests(loaded(made))).results.map(({ failures }) => failures),
      [[]],
      given,
    );
  }
});

test('a fact that is not given is absent for the grant of a rewritten recipient too', async () => {
  const policy = (exception: string): string => `version: 1
grants: [{ id: inbound, when: { recipient.domain: example.com }, unless: [{ ${exception} }] }]
rules: [{ id: there, on: rcpt, then: { rewrite_recipient: "bob@\${recipient.domain}" } }]
routes: [{ id: rest, to: mx }]
tests: [{ name: one, given: { sender.address: a@example.net, recipient.address: ann@example.com }, expect: { recipients: bob@example.com } }]
`;
  for (const exception of [
    'listener: submission',
    'client.ip: 192.0.2.1',
    'client.net: 192.0.2.0/24',
    'server.port: 587',
    'helo.name: x.example',
    'auth.user: { exists: true }',
    'tls.version: TLSv1',
    'message.declared_size: { gt: 1 }',
    'result.x: 1',
    'tag: t',
    'recipient.index: 9',
  ]) {
    const made = await site({ 'rules/10-all.yaml': policy(exception) });
    const [result] = (await runTests(loaded(made))).results;
    assert.deepEqual(result?.failures, [], exception);
  }
});

test('a compat: concession applies to tests as to clients', async () => {
  const conceded = {
    'config/relay.yaml': `${CONFIG}${DNS_LIST}compat: [{ from: [192.0.2.0/24], loose_helo: true, bare_lf: true, encode_headers: true }]\n`,
  };
  const message = { 'rules/m.eml': 'Subject: Offer f\u00fcnf\r\nX-Lines: bare\n\r\nx\r\n' };
  const given = `given: { ${GIVEN}, helo.name: "my printer" }, message: rules/m.eml`;
  await holds(`${given}, expect: { verdict: reject, at: helo }`, message);
  await holds(`given: { ${GIVEN} }, message: rules/m.eml, expect: { verdict: reject, at: data_post }`, message);
  await holds(`${given}, expect: { verdict: accept, header.x-offer: "yes" }`, { ...conceded, ...message });
});
