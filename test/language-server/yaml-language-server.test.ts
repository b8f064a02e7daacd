import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { LanguageClient, withCursor } from '../kit/language-client.ts';
import { PROJECT } from '../kit/project.ts';

/* The published schema in the language server that most editors use for YAML. */

const SERVER = createRequire(join(PROJECT, 'package.json')).resolve('yaml-language-server/bin/yaml-language-server');
const SCHEMA = pathToFileURL(join(PROJECT, 'schemas/policy.schema.json')).href;
/** As `init` does it: the file itself names its schema. */
const MODELINE = `# yaml-language-server: $schema=${SCHEMA}\n`;

suite('the published schema in a YAML language server', () => {
  let folder = '';
  let client: LanguageClient;
  let opened = 0;

  const given = async (text: string): Promise<string> => {
    opened += 1;
    const path = join(folder, `${opened}.yaml`);
    await client.open(path, text);
    return path;
  };

  const offered = async (marked: string): Promise<readonly string[]> => {
    const { text, at } = withCursor(MODELINE + marked);
    return (await client.completion(await given(text), at)).map(({ label }) => label);
  };

  const hovered = async (marked: string): Promise<string> => {
    const { text, at } = withCursor(MODELINE + marked);
    return client.hover(await given(text), at);
  };

  const complaints = async (text: string): Promise<string> => {
    const path = await given(MODELINE + text);
    await client.until(
      () => client.diagnosticsOf(path) !== null,
      () => 'diagnostics',
    );
    return (client.diagnosticsOf(path) ?? []).map(({ message }) => (typeof message === 'string' ? message : message.value)).join();
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'relayctl-yaml-'));
    const yaml = { completion: true, hover: true, validate: true, schemaStore: { enable: false } };
    client = new LanguageClient({ words: [SERVER, '--stdio'], settings: { yaml } });
    await client.initialize(folder);
    await client.notify('workspace/didChangeConfiguration', { settings: { yaml } });
  });

  after(async () => {
    await client.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('only the facts that a hook knows are offered', async () => {
    const early = await offered('version: 1\nrules:\n  - id: a\n    on: connect\n    when:\n      █\n');
    assert.ok(early.includes('client.ip'), early.join());
    assert.ok(!early.includes('sender.address') && !early.includes('spf.result'), early.join());
    const late = await offered('version: 1\nrules:\n  - id: a\n    on: mail\n    when:\n      █\n');
    assert.ok(late.includes('sender.address') && late.includes('spf.result'), late.join());
  });

  test('only the actions that a hook has are offered', async () => {
    const early = await offered('version: 1\nrules:\n  - id: a\n    on: connect\n    then:\n      █\n');
    assert.ok(early.includes('reject') && !early.includes('add_header'), early.join());
    const late = await offered('version: 1\nrules:\n  - id: a\n    on: data_post\n    then:\n      █\n');
    assert.ok(late.includes('add_header'), late.join());
  });

  test('the words of a fact are offered', async () => {
    const words = await offered('version: 1\nrules:\n  - id: a\n    on: mail\n    when:\n      spf.result: █\n');
    assert.ok(words.includes('softfail'), words.join());
    const truth = await offered('version: 1\nrules:\n  - id: a\n    on: mail\n    when:\n      sender.null: █\n');
    assert.ok(truth.includes('true') && truth.includes('false'), truth.join());
  });

  test('a fact is described in its short form, at its name and at its value', async () => {
    for (const line of ['sender.do█main: a.example', 'sender.domain: a.ex█ample'])
      assert.match(
        await hovered(`version: 1\nrules:\n  - id: a\n    on: mail\n    when:\n      ${line}\n    then: reject\n`),
        /Domain of the sender/,
      );
  });

  test('an action that the hook lacks is an error', async () => {
    const written = 'version: 1\nrules:\n  - id: a\n    on: rcpt\n    when: { sender.null: true }\n    then: { add_header: { X-A: b } }\n';
    assert.match(await complaints(written), /add_header/);
    assert.equal(await complaints(written.replace('rcpt', 'data_post')), '');
  });

  test('a fact that the hook does not know is an error, in rules and in grants', async () => {
    const rule = (hook: string): string => `version: 1\nrules:\n  - { id: a, on: ${hook}, when: { spf.result: fail }, then: reject }\n`;
    assert.match(await complaints(rule('connect')), /spf\.result/);
    assert.equal(await complaints(rule('mail')), '');
    assert.match(await complaints('version: 1\ngrants:\n  - { id: a, when: { dmarc.result: pass } }\n'), /dmarc\.result/);
  });
});
