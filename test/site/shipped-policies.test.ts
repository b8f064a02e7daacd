import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { loadSite } from '../../src/site/load.ts';
import { runTests } from '../../src/site/testing/run-tests.ts';

const MODELINE = '# yaml-language-server: $schema=../schemas/policy.schema.json\n';
const SHIPPED = readFileSync('config/relay.yaml', 'utf8');
const FILES = readdirSync('rules').filter((name) => name.endsWith('.yaml'));
const isOn = (file: string): boolean => SHIPPED.includes(`\n  - rules/${file} `);

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'relayctl-shipped-'));
  for (const part of ['config', 'rules', 'test/messages']) cpSync(part, join(folder, part), { recursive: true });
  mkdirSync(join(folder, 'config/dkim'), { recursive: true });
  const { privateKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  writeFileSync(join(folder, 'config/dkim/example.com.pem'), privateKey);
});
after(() => rmSync(folder, { recursive: true }));

/** The shipped configuration with the lines of `files` switched on. */
const siteWith = (files: readonly string[]) => {
  const config = files.reduce((text, file) => text.replace(`  # - rules/${file} `, `  - rules/${file} `), SHIPPED);
  const path = join(folder, 'config/relay.yaml');
  writeFileSync(path, config);
  return loadSite(path);
};

const complaints = (loaded: ReturnType<typeof loadSite>) =>
  loaded.diagnostics.map(({ code, at, message }) => `${code} ${at.file}:${at.line}:${at.column} ${message}`);

test('every policy is named in the configuration, on or off, and begins with its schema', () => {
  for (const file of FILES) {
    assert.match(SHIPPED, new RegExp(`^ {2}(# )?- rules/${file.replaceAll('.', '\\.')} `, 'm'));
    assert.ok(readFileSync(join('rules', file), 'utf8').startsWith(MODELINE), file);
  }
});

test('as shipped: nothing to complain of, and every policy is tested', async () => {
  const loaded = loadSite('config/relay.yaml');
  assert.deepEqual(complaints(loaded), []);
  assert.ok(loaded.site);
  const { results } = await runTests(loaded.site);
  assert.deepEqual(
    results.filter(({ failures }) => failures.length > 0),
    [],
  );
  for (const file of FILES.filter(isOn))
    assert.ok(
      results.some((result) => basename(result.file) === file),
      `${file} has no test`,
    );
});

for (const file of FILES.filter((name) => !isOn(name)))
  test(`${file} switched on: nothing to complain of, and its own tests hold`, async () => {
    const loaded = siteWith([file]);
    assert.deepEqual(complaints(loaded), []);
    assert.ok(loaded.site);
    const { results } = await runTests(loaded.site, file);
    assert.ok(results.length > 0, 'it has no test');
    assert.deepEqual(
      results.filter(({ failures }) => failures.length > 0),
      [],
    );
  });

test('everything switched on at once: nothing to complain of', () => {
  assert.deepEqual(complaints(siteWith(FILES)), []);
});
