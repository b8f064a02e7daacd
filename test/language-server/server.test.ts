import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { LanguageClient, withCursor } from '../kit/language-client.ts';
import { MAIN } from '../kit/main.ts';
import { CONFIG, type TempSite, tempSite } from '../kit/site.ts';

/* The server as an editor meets it: a process of its own, texts that are not on the disk, most of them broken. */

const MAIN_POLICY = `version: 1
lists:
  ours: { type: domain, values: [example.com] }
  nets: { type: cidr, values: [192.0.2.0/24] }
grants:
  - { id: inbound, when: { recipient.domain: { in: ours } } }
  - { id: inside, when: { client.ip: { in: nets } } }
rules:
  - { id: friends, on: connect, when: { client.ip: { in: nets } }, then: { skip: checks } }
  - { id: marks, on: mail, when: { sender.null: true }, then: [{ tag: bounce }, { set: { risk: 2 } }] }
  - { id: asks, on: rcpt, group: checks, when: { tag: bounce, result.risk: 2, recipient.domain: { in: ours } }, then: defer }
  - { id: titled, on: data_post, when: { header.x-tenant: acme, grant: inbound }, then: { log: "\${client.ip}" } }
routes:
  - { id: out, to: mx }
tests:
  - name: a stranger may not relay
    given: { client.ip: 198.51.100.1, sender.address: a@b.example, recipient.address: c@d.example }
    expect: { at: rcpt, verdict: reject, code: 550 }
  - name: this fails
    given: { client.ip: 198.51.100.1, sender.address: a@b.example, recipient.address: c@example.com }
    expect: { at: rcpt, verdict: reject }
`;

const SITE = {
  'config/relay.yaml': `${CONFIG}policies: [rules/*.yaml]\ndnsbl: { zen: { zone: zen.example, codes: { sbl: 127.0.0.2 } } }\n`,
  'rules/10-main.yaml': MAIN_POLICY,
  'rules/20-more.yaml': 'version: 1\n',
};

const RULE = 'version: 1\nrules:\n  - id: more\n    on: mail\n';

suite('the language server', () => {
  let site: TempSite;
  let client: LanguageClient;
  let main = '';
  let more = '';

  const offered = async (marked: string): Promise<readonly string[]> => {
    const { text, at } = withCursor(marked);
    await client.change(more, text);
    return (await client.completion(more, at)).map(({ label }) => label);
  };

  const positionOf = (text: string, part: string, nth = 0) => {
    const found = text.split(part, nth + 1).join(part).length;
    return withCursor(`${text.slice(0, found + 1)}█${text.slice(found + 1)}`).at;
  };

  before(async () => {
    site = await tempSite(SITE);
    main = join(site.root, 'rules/10-main.yaml');
    more = join(site.root, 'rules/20-more.yaml');
    client = new LanguageClient({ words: [...MAIN, 'language-server', '--stdio'] });
    await client.initialize(site.root);
    await client.open(main, MAIN_POLICY);
    await client.open(more, 'version: 1\n');
    await client.expectCodes(more, []);
  });

  after(async () => {
    assert.equal(await client.stop(), 0);
    assert.equal(client.stderr, '');
    await site.remove();
  });

  test('what is wrong with a text that is not saved is shown as it is typed, and taken back', async () => {
    await client.change(more, `${RULE}    when: { sender.domain: { in: our } }\n    then: reject\n`);
    await client.expectCodes(more, ['RLY2002']);
    await client.change(more, `${RULE}    when: { sender.domain: { in: ours\n    then: reject\n`);
    await client.until(
      () => (client.diagnosticsOf(more) ?? []).some(({ code }) => code === 'RLY1010'),
      () => 'a YAML error',
    );
    await client.change(more, `${RULE}    when: { sender.domain: { in: ours } }\n    then: reject\n`);
    await client.expectCodes(more, []);
  });

  test('facts are offered by hook, and those of the site with them', async () => {
    const early = await offered('version: 1\nrules:\n  - id: a\n    on: connect\n    when: { █');
    assert.ok(early.includes('client.ip') && early.includes('dnsbl.zen') && early.includes('result.risk'), early.join());
    assert.ok(!early.includes('sender.address') && !early.includes('header.x-tenant'), early.join());
    const late = await offered('version: 1\nrules:\n  - id: a\n    on: data_post\n    when:\n      sender.null: true\n      █\n');
    assert.ok(late.includes('header.x-tenant') && !late.includes('sender.null'), late.join());
  });

  test('actions are offered by hook', async () => {
    const early = await offered('version: 1\nrules:\n  - id: a\n    on: connect\n    then:\n      █');
    assert.ok(early.includes('reject') && early.includes('skip') && !early.includes('add_header'), early.join());
    assert.ok((await offered('version: 1\nrules:\n  - id: a\n    on: data_post\n    then:\n      - █')).includes('add_header'));
  });

  test('values are offered that fit', async () => {
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ['    when: { spf.result: █', ['pass', 'fail', 'softfail', 'neutral', 'none', 'permerror']],
      ['    when:\n      sender.null: █\n', ['true', 'false']],
      ['    when:\n      sender.domain: { in: █ }\n', ['ours']],
      ['    when:\n      client.ip: { not_in: n█', ['nets']],
      ['    when: { tag: █ }\n', ['bounce']],
      ['    when: { any: [{ tag: [█', ['bounce']],
      ['    when: { dnsbl.zen: █ }\n', ['sbl', 'other']],
      ['    then: { skip: █ }\n', ['checks']],
      ['    group: █\n', ['checks']],
      ['    mode: █\n', ['enforce', 'shadow']],
    ];
    for (const [line, words] of cases) assert.deepEqual(await offered(RULE + line), words, line);
    const hooks = await offered('version: 1\nrules:\n  - id: a\n    on: █');
    assert.ok(hooks.includes('data_post') && hooks.length === 16, hooks.join());
    assert.deepEqual(await offered('version: 1\nrules:\n  - { id: a, on: data_post, when: { grant: █ } }'), ['inbound', 'inside']);
  });

  test('facts are offered inside ${…}, those of the hook alone', async () => {
    const words = await offered(`${RULE}    then: { reject: "550 5.7.1 no, \${cl█} }\n`);
    assert.ok(words.includes('client.ip') && !words.includes('dkim.result'), words.join());
  });

  test('a fact, an operator, an action and a list are described', async () => {
    const hovered = async (marked: string): Promise<string> => {
      const { text, at } = withCursor(marked);
      await client.change(more, text);
      return client.hover(more, at);
    };
    assert.match(await hovered(`${RULE}    when: { sender.do█main: a.example }\n`), /Domain of the sender/);
    assert.match(await hovered(`${RULE}    when: { sender.domain: a.ex█ample }\n`), /Domain of the sender/);
    assert.match(await hovered(`${RULE}    when: { sender.domain: { starts█_with: a } }\n`), /starts with the text/);
    assert.match(await hovered(`${RULE}    then: { tar█pit: 5s }\n`), /reply/i);
    assert.match(await hovered(`${RULE}    when: { sender.domain: { in: ou█rs } }\n`), /List `ours` of type `domain`: 1 entry/);
    assert.match(await hovered(`${RULE}    when: { sender.domain: a.ex█ample\n    then: reject\n`), /Domain of the sender/);
  });

  test('a list leads to where it is defined', async () => {
    const text = `${RULE}    when: { sender.domain: { in: ours } }\n    then: reject\n`;
    await client.change(more, text);
    const [found] = await client.definition(more, positionOf(text, 'ours'));
    assert.ok(found?.uri.endsWith('/rules/10-main.yaml'), JSON.stringify(found));
    assert.deepEqual(found?.range, { start: { line: 2, character: 2 }, end: { line: 2, character: 6 } });
  });

  test('a name is renamed in all files of the site, unsaved ones too', async () => {
    const text = `${RULE}    when: { sender.domain: { in: ours } }\n    then: reject\n`;
    await client.change(more, text);
    const edit = await client.rename(more, positionOf(text, 'ours'), 'our_domains');
    const places = Object.entries(edit?.changes ?? {}).map(([uri, edits]) => `${uri.split('/').at(-1)} ${edits.length}`);
    assert.deepEqual(places.sort(), ['10-main.yaml 3', '20-more.yaml 1']);
    for (const [part, nth, count] of [
      ['inbound', 0, 2],
      ['checks', 0, 2],
      ['bounce', 0, 2],
    ] as const) {
      const changes = (await client.rename(main, positionOf(MAIN_POLICY, part, nth), 'something'))?.changes ?? {};
      assert.equal(Object.values(changes).flat().length, count, part);
    }
  });

  test('a name that is taken, or none, is refused, and so is a rename while a file is broken', async () => {
    await client.change(more, 'version: 1\n');
    const at = positionOf(MAIN_POLICY, 'ours');
    await assert.rejects(client.rename(main, at, 'nets'), /in use/);
    await assert.rejects(client.rename(main, at, 'Not A Name'), /not a name/);
    await assert.rejects(client.rename(main, positionOf(MAIN_POLICY, 'version'), 'other'), /no list/);
    await client.change(more, 'version: 1\nrules: [{\n');
    await assert.rejects(client.rename(main, at, 'other'), /20-more\.yaml/);
    await client.change(more, 'version: 1\n');
  });

  test('a test is run where it stands, as it stands in the editor', async () => {
    const lenses = await client.lenses(main);
    assert.deepEqual(
      lenses.map(({ command }) => command?.title),
      ['run all tests', 'run test', 'run test'],
    );
    const run = (index: number): Promise<string> => client.request('workspace/executeCommand', lenses[index]?.command ?? {});
    assert.match(await run(1), /^Passed: a stranger may not relay/);
    assert.match(await run(2), /Failed: this fails/);
    assert.match(await run(0), /1 of 2 failed/);
    await client.until(
      () => client.messages.some((message) => message.includes('1 of 2 failed')),
      () => 'a message',
    );
  });

  test('what a diagnostic can be mended by is offered', async () => {
    await client.change(more, `${RULE}    if: { sender.null: true }\n    then: reject\n`);
    await client.until(
      () => (client.diagnosticsOf(more) ?? []).length > 0,
      () => 'a diagnostic',
    );
    const [diagnostic] = client.diagnosticsOf(more) ?? [];
    assert.ok(diagnostic);
    for (const action of await client.codeActions(more, diagnostic)) assert.ok(Object.keys(action.edit?.changes ?? {}).length > 0);
  });

  test('the configuration is completed and described as well', async () => {
    const config = join(site.root, 'config/relay.yaml');
    const { text, at } = withCursor(`${SITE['config/relay.yaml']}lim█\n`);
    await client.open(config, text);
    assert.ok((await client.completion(config, at)).some(({ label }) => label === 'tls'));
    await client.close(config);
  });

  test('a file of no site is left alone', async () => {
    const stray = join(site.root, '../relayctl-stray.yaml');
    await client.open(stray, 'version: 1\nrules: [{\n');
    assert.deepEqual(await client.completion(stray, { line: 0, character: 0 }), []);
    await assert.rejects(client.rename(stray, { line: 0, character: 0 }, 'x'), /no site/);
  });

  test('a site that is deleted while it is edited ends nothing', async () => {
    const other = await tempSite(SITE);
    const path = join(other.root, 'rules/20-more.yaml');
    await client.open(path, 'version: 1\n');
    await client.expectCodes(path, []);
    await rm(other.root, { recursive: true });
    await client.change(path, 'version: 1\nrules: []\n');
    await client.until(
      () => client.diagnosticsOf(join(other.root, 'config/relay.yaml'))?.[0]?.code === 'RLY1001',
      () => 'RLY1001',
    );
    await client.close(path);
    await client.until(
      () => client.diagnosticsOf(join(other.root, 'config/relay.yaml'))?.length === 0,
      () => 'nothing',
    );
  });
});
