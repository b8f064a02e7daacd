import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseMailbox } from '../../src/policy/mailbox-syntax.ts';

/*
 * The isemail corpus says of each address how far it is from an RFC 5321 Mailbox. What is valid, or valid
 * but hardly deliverable (`DNSWARN`, unusual but valid `RFC5321`), we take; comments, white space and
 * obsolete forms (`CFWS`, `DEPREC`, `RFC5322`) are header syntax and no Mailbox; `ERR` is none at all.
 */

const CORPUS = join(process.env.RELAYCTL_CORPUS ?? '../shared/corpus', 'address-tests.xml');

interface Case {
  readonly id: string;
  readonly address: string;
  readonly category: string;
  readonly diagnosis: string;
}

const unescapeXml = (text: string): string =>
  text
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/[\u2400-\u241f]/g, (symbol) => String.fromCodePoint((symbol.codePointAt(0) ?? 0) - 0x2400));

const field = (xml: string, name: string): string => unescapeXml(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(xml)?.[1] ?? '');

const cases = (): readonly Case[] =>
  [...readFileSync(CORPUS, 'utf8').matchAll(/<test id="(\d+)">([\s\S]*?)<\/test>/g)].map(([, id = '', xml = '']) => ({
    id,
    address: field(xml, 'address'),
    category: field(xml, 'category'),
    diagnosis: field(xml, 'diagnosis'),
  }));

const TAKEN = new Set(['ISEMAIL_VALID_CATEGORY', 'ISEMAIL_DNSWARN', 'ISEMAIL_RFC5321']);

test('agrees with the address corpus', { skip: existsSync(CORPUS) ? false : 'no corpus here' }, (t) => {
  const all = cases();
  const differing = all.filter(({ address, category }) => (parseMailbox(address, true) !== null) !== TAKEN.has(category));
  t.diagnostic(`${all.length - differing.length} of ${all.length} agree`);
  for (const { id, address, category, diagnosis } of differing) t.diagnostic(`#${id} ${JSON.stringify(address)} ${category} ${diagnosis}`);
  assert.ok(all.length >= 164);
  /** `::` for a single group of zeros: RFC 5321 4.1.3 has it stand for two at least, RFC 4291 2.2 for one; we read IPv6 as the system does. */
  assert.deepEqual(
    differing.map(({ id }) => id),
    ['71'],
  );
});
