import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { FactDefinition } from '../../../src/policy/fact-definition.ts';
import { notConfigured } from '../../../src/policy/facts/configured.ts';
import { facts } from '../../../src/policy/facts/index.ts';
import { lintSite } from '../../../src/policy/lint/lint.ts';
import { readPolicy } from '../../../src/policy/read/policy.ts';
import { siteFiles } from '../../../src/policy/read/site-files.ts';
import { SERVICE_KEYS } from '../../../src/site/config/keys/services/index.ts';
import { lookUpKeys } from '../../../src/site/config/look-up-keys.ts';
import { readKeys } from '../../../src/site/config/nested-keys.ts';

const files = siteFiles('.');

const SERVICES = readKeys(SERVICE_KEYS, {}, { root: '/', site: {} });

/** Lines with a look-up that is not configured, of a policy in a site with one DNS list, `zen`. */
const refusedLines = (text: string): readonly number[] => {
  const { file, diagnostics } = readPolicy('rules/a.yaml', text, files);
  assert.deepEqual(diagnostics, []);
  assert.ok(file);
  const keys = lookUpKeys({ services: { ...SERVICES, dnsbl: { zen: { zone: 'zen.example', codes: {}, errors: [] } } } });
  return lintSite([file], { files, now: 0, lookUpKeys: keys }).flatMap(({ code, at }) => (code === 'RLY2021' ? [at.line] : []));
};

suite('look-ups that are not configured', () => {
  test('wherever a policy names the fact', () => {
    const text = `version: 1
rules:
  - { id: a, on: connect, when: { dnsbl.zen: { exists: true } }, then: { log: "\${dnsbl.zen}" } }
  - { id: b, on: connect, when: { not: { dnsbl.b: { exists: true } } }, then: { log: x } }
  - { id: c, on: mail, when: { helo.name: { same_as: dnsbl.c } }, then: { log: x } }
  - { id: d, on: mail, limit: { key: [dnsbl.d], count: messages, max: 3, per: 1m }, then: defer }
  - { id: e, on: mail, then: { log: "\${dnsbl.e}" } }
tests:
  - { name: f, given: { dnsbl.f: absent }, expect: { verdict: accept } }
`;
    assert.deepEqual(refusedLines(text), [4, 5, 6, 7, 9]);
  });

  const sample = facts.get('dnsbl.');
  assert.ok(sample);
  const one: FactDefinition = { ...sample, name: 'reputation.score', configuredBy: 'reputation' };

  test('a fact without the key it needs is refused, with the key named', () => {
    assert.match(String(notConfigured('reputation.score', new Map(), one)?.help), /^Add reputation: to config\/relay\.yaml/);
    assert.equal(notConfigured('reputation.score', new Map([['reputation', []]]), one), null);
  });

  test('a key that is left out, or has nothing in it, is not there', () => {
    assert.ok(!lookUpKeys({ services: SERVICES }).has('dnsbl'));
    assert.ok(lookUpKeys({ services: SERVICES }).has('dns'));
    const without: object = { ...SERVICES, dns: null };
    assert.ok(!lookUpKeys({ services: Object.assign({}, SERVICES, without) }).has('dns'));
  });
});
