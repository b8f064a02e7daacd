import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadSite } from '../../../src/site/loading/load.ts';
import { hashPassword } from '../../../src/smtp/auth/users.ts';
import { selfSigned } from '../../kit/certificate.ts';
import { ed25519, elliptic, locked, publicKey, rsa } from '../../kit/keys.ts';
import type { TempSite } from '../../kit/site.ts';
import { ANN, fullSite } from './full-site.ts';

/** Does something to a site, as an administrator with too little coffee would. */
type Mishap = (site: TempSite, at: (path: string) => string) => Promise<unknown> | unknown;

const writes =
  (path: string, text: string): Mishap =>
  (site) =>
    site.write({ [path]: text });

const edits =
  (path: string, from: string, to: string): Mishap =>
  async (site, at) => {
    const text = await readFile(at(path), 'utf8');
    assert.ok(text.includes(from), from);
    await site.write({ [path]: text.replace(from, to) });
  };

const removes =
  (path: string): Mishap =>
  (_, at) =>
    rm(at(path));

const mode =
  (path: string, bits: number): Mishap =>
  (_, at) =>
    chmod(at(path), bits);

const replaces =
  (path: string, make: (path: string) => unknown): Mishap =>
  async (_, at) => {
    await rm(at(path));
    await make(at(path));
  };

/** In `var`, which is made for it. */
const linked =
  (path: string): Mishap =>
  async (_, at) => {
    await mkdir(at('var'));
    await symlink('/nowhere/at/all', at(path));
  };

const cutOff =
  (path: string): Mishap =>
  async (site, at) => {
    const text = await readFile(at(path), 'utf8');
    await site.write({ [path]: text.replace(/.{5}=*\n-----END/, '\n-----END') });
  };

const folder = (path: string): unknown => mkdir(path);
const pipe = (path: string): unknown => execFileSync('mkfifo', [path]);
const zero = (path: string): unknown => symlink('/dev/zero', path);
const loop = (path: string): unknown => symlink(path, path);
/** Stays while the process does. */
const socket = (path: string): Promise<unknown> =>
  new Promise((resolve) =>
    createServer()
      .unref()
      .listen(path, () => resolve(null)),
  );
/** Sparse: it has a size and takes no room. */
const huge = async (path: string): Promise<unknown> => {
  await writeFile(path, '');
  return truncate(path, 1.5 * 1024 ** 3);
};

const KINDS = [
  ['a directory', folder, /directory/],
  ['a pipe', pipe, /pipe/],
  ['a link to /dev/zero', zero, /device|outside the site/],
  ['a link to itself', loop, /loop/],
  ['a socket', socket, /socket/],
  ['1.5 GiB', huge, /1536 MiB, more than/],
] as const;

const FILES = [
  ['config/relay.yaml', 'RLY1001'],
  ['rules/10-relay.yaml', 'RLY5002'],
  ['config/lists/people.txt', 'RLY1203'],
  ['config/users', 'RLY5007'],
  ['config/tls/cert.pem', 'RLY5005'],
  ['config/tls/key.pem', 'RLY5005'],
  ['config/dkim/example.com.pem', 'RLY2022'],
  ['config/dkim/one.example.pem', 'RLY2022'],
  ['config/smarthost', 'RLY2020'],
  ['test/plain.eml', 'RLY6002'],
] as const;

const tooLarge = new Set(['config/relay.yaml', 'rules/10-relay.yaml']);

const KEY = 'config/dkim/example.com.pem';
const [HASH = ''] = ANN.split(':').slice(1);
const other = selfSigned('other.example.com', 0, 90);
const expired = selfSigned('relay.example.com', 10, 3);
const future = selfSigned('relay.example.com', -10, 30);
const soon = selfSigned('relay.example.com', 0, 3);
const certificate = ({ cert, key }: typeof other): Mishap => writes2({ 'config/tls/cert.pem': cert, 'config/tls/key.pem': key });
const writes2 =
  (files: Readonly<Record<string, string>>): Mishap =>
  (site) =>
    site.write(files);

const MISHAPS: readonly (readonly [string, Mishap, string, RegExp])[] = [
  ...FILES.map(([path, code]) => [`${path} is not there`, removes(path), code, /no such file|No policy matches/] as const),
  ...FILES.flatMap(([path, code]) =>
    KINDS.map(
      ([what, make, message]) =>
        [`${path} is ${what}`, replaces(path, make), make === huge && tooLarge.has(path) ? 'RLY1003' : code, message] as const,
    ),
  ),
  ...['config/users', 'config/tls/key.pem', 'config/smarthost', KEY].map(
    (path) =>
      [
        `a list in ${path}`,
        edits('rules/10-relay.yaml', 'file: config/lists/people.txt', `file: ${path}`),
        'RLY1203',
        /it holds secrets/,
      ] as const,
  ),
  [
    'a list in a link to a DKIM key',
    replaces('config/lists/people.txt', (path) => symlink(join('../..', KEY), path)),
    'RLY1203',
    /it holds secrets: a policy names it as a DKIM key/,
  ],
  [
    'a wrong path in auth.users',
    edits('config/relay.yaml', 'config/users', 'config/user'),
    'RLY5007',
    /config\/user: there is no such file/,
  ],
  ['a user twice', writes('config/users', ANN + ANN), 'RLY5007', /line 2: this name is listed twice/],
  ['a password in the clear', writes('config/users', 'ann:secret\n'), 'RLY5007', /line 1: its hash is not/],
  ['a hash of another kind', writes('config/users', 'ann:$2b$12$abcdefghijklmnopqrstuu\n'), 'RLY5007', /line 1: its hash is not/],
  ['a hash cut off', writes('config/users', ANN.slice(0, -12)), 'RLY5007', /line 1: its hash is not/],
  ['a hash whose last letter means nothing', writes('config/users', `${ANN.slice(0, -2)}B\n`), 'RLY5007', /line 1/],
  ['a hash that no machine can pay', writes('config/users', `ann:${HASH.replace('ln=15,r=8', 'ln=20,r=16')}`), 'RLY5007', /line 1/],
  ['a hash that scrypt forbids', writes('config/users', `ann:${HASH.replace('ln=15,r=8', 'ln=16,r=1')}`), 'RLY5007', /line 1/],
  ['a line without colon', writes('config/users', `${ANN}bob\n`), 'RLY5007', /line 2: expected name:hash/],
  ['a name with a blank', writes('config/users', ANN.replace('ann', 'ann lee')), 'RLY5007', /line 1: a name must not contain white space/],
  ['users in another encoding', (_, at) => writeFile(at('config/users'), Buffer.from(`j\xfcrg:${HASH}`, 'latin1')), 'RLY5007', /UTF-8/],
  ['a world-readable users file', mode('config/users', 0o644), 'RLY5008', /mode 0644/],
  ['a world-writable users file', mode('config/users', 0o666), 'RLY5008', /mode 0666/],
  ['a world-readable TLS key', mode('config/tls/key.pem', 0o644), 'RLY5008', /config\/tls\/key\.pem contains a secret/],
  ['a group-readable TLS key', mode('config/tls/key.pem', 0o640), 'RLY5008', /mode 0640/],
  ['a world-readable DKIM key', mode(KEY, 0o604), 'RLY5008', /mode 0604/],
  ['a world-readable password file', mode('config/smarthost', 0o444), 'RLY5008', /mode 0444/],
  ['a certificate file without a certificate', writes('config/tls/cert.pem', 'hello\n'), 'RLY5005', /no PEM certificate/],
  ['a truncated certificate', cutOff('config/tls/cert.pem'), 'RLY5005', /./],
  ['a key in place of the certificate', writes('config/tls/cert.pem', other.key), 'RLY5005', /no PEM certificate/],
  ['a certificate in place of the key', writes('config/tls/key.pem', other.cert), 'RLY5005', /a certificate, not a private key/],
  ['a key that does not match the certificate', writes('config/tls/key.pem', other.key), 'RLY5005', /does not match the certificate/],
  ['a TLS key with a passphrase', writes('config/tls/key.pem', locked()), 'RLY5005', /passphrase/],
  ['an empty TLS key', writes('config/tls/key.pem', ''), 'RLY5005', /empty/],
  ['an expired certificate', certificate(expired), 'RLY5005', /expired on/],
  ['a certificate that is not valid yet', certificate(future), 'RLY5005', /not valid before/],
  ['a DKIM key behind a passphrase', writes(KEY, locked()), 'RLY2022', /passphrase/],
  ['the public half of a DKIM key', writes(KEY, publicKey()), 'RLY2022', /a public key/],
  ['a DKIM key of a kind nobody verifies', writes(KEY, elliptic()), 'RLY2022', /type ec/],
  ['a DKIM key of 512 bits', writes(KEY, rsa(512)), 'RLY2022', /512 bits/],
  ['half a DKIM key', (site) => site.write({ [KEY]: ed25519().slice(0, 60) }), 'RLY2022', /damaged/],
  ['an empty DKIM key', writes(KEY, ''), 'RLY2022', /empty/],
  ['a DKIM key out of the site', replaces(KEY, (path) => symlink('/etc/hostname', path)), 'RLY2022', /outside the site/],
  [
    'a domain without its key',
    edits('rules/10-relay.yaml', 'two.example]', 'two.example, three.example]'),
    'RLY2022',
    /three\.example\.pem: there is no/,
  ],
  ['an empty password', writes('config/smarthost', '\n'), 'RLY2020', /empty/],
  ['two passwords', writes('config/smarthost', 'one\ntwo\n'), 'RLY2020', /more than one line/],
  ['a password with a NUL', writes('config/smarthost', 'on\0e'), 'RLY2020', /control character/],
  ['a queue that is a file', edits('config/relay.yaml', 'path: var/queue', 'path: config/users'), 'RLY5011', /not a folder/],
  [
    'a queue below a file',
    edits('config/relay.yaml', 'path: var/queue', 'path: config/users/queue'),
    'RLY5011',
    /no such file|not a folder/,
  ],
  ['a queue that is a link to nothing', linked('var/queue'), 'RLY5011', /a link to something that is not there/],
  ['a decision log in a folder that is a link to nothing', linked('var/log'), 'RLY5011', /a link to something/],
  ['a decision log that is a folder', edits('config/relay.yaml', 'var/log/decisions.jsonl', 'config/tls'), 'RLY5011', /not a regular file/],
  [
    'a socket in a folder that is not there',
    edits('config/relay.yaml', '"127.0.0.1:0" }', 'unix:run/mx.sock }'),
    'RLY5011',
    /no such folder/,
  ],
  ['a socket in place of a file', edits('config/relay.yaml', '"127.0.0.1:0" }', 'unix:config/users }'), 'RLY5011', /not a socket/],
  ['the decision log in the users file', edits('config/relay.yaml', 'var/log/decisions.jsonl', 'config/users'), 'RLY5011', /another key/],
  ['a socket with a long name', edits('config/relay.yaml', '"127.0.0.1:0" }', `unix:config/${'x'.repeat(110)} }`), 'RLY5011', /107 bytes/],
  ['a maildir that is a file', edits('rules/10-relay.yaml', 'discard:', 'maildir:/etc/hostname'), 'RLY5011', /not a folder/],
  ['rules below a file', edits('config/relay.yaml', 'version: 1', 'version: 1\npolicies: [config/users/*.yaml]'), 'RLY5002', /matches/],
];

const findings = (site: TempSite): readonly string[] => loadSite(site.config).diagnostics.map(({ code, message }) => `${code} ${message}`);

const after = async (mishap: Mishap, look: (site: TempSite) => void): Promise<void> => {
  const site = await fullSite();
  try {
    await mishap(site, (path) => join(site.root, path));
    look(site);
  } finally {
    await site.remove();
  }
};

test('a site with a file of every kind has no findings', () =>
  after(
    () => undefined,
    (site) => assert.deepEqual(findings(site), []),
  ));

for (const [what, mishap, code, message] of MISHAPS)
  test(`${what}: ${code}`, () =>
    after(mishap, (site) => {
      const found = findings(site);
      assert.ok(
        found.some((one) => one.startsWith(`${code} `) && message.test(one)),
        found.join('\n'),
      );
      assert.equal(loadSite(site.config).site, null);
      assert.ok(!found.some((one) => one.includes('secret\n') || one.includes(HASH.slice(20, 40))), 'no secret is shown');
    }));

const WARNINGS: readonly (readonly [string, Mishap, string])[] = [
  ['a DKIM key of 1024 bits', writes(KEY, rsa(1024)), 'RLY2023'],
  ['a certificate that expires soon', certificate(soon), 'RLY5010'],
  ['no users at all', writes('config/users', '# nobody yet\n'), 'RLY5012'],
  ['a world-writable policy', mode('rules/10-relay.yaml', 0o666), 'RLY5009'],
  ['a world-writable list', mode('config/lists/people.txt', 0o606), 'RLY5009'],
  ['DKIM keys that cannot be known in advance', edits('rules/10-relay.yaml', 'in: signed', 'not_in: signed'), 'RLY2024'],
];

for (const [what, mishap, code] of WARNINGS)
  test(`${what} is a warning, ${code}`, () =>
    after(mishap, (site) => {
      const { site: found, diagnostics } = loadSite(site.config);
      assert.deepEqual(
        diagnostics.map((one) => one.code),
        [code],
      );
      assert.ok(found);
    }));

test('a root-owned key that is group-readable is accepted', { skip: process.getuid?.() !== 0 && 'only root can give files away' }, () =>
  after(
    async (_, at) => {
      await chown(at('config/tls/key.pem'), 0, 65534);
      await chmod(at('config/tls/key.pem'), 0o640);
    },
    (site) => assert.deepEqual(findings(site), []),
  ),
);

test('every accepted password hash can be verified', async () => {
  const { verifyPassword } = await import('../../../src/smtp/auth/users.ts');
  assert.equal(await verifyPassword('secret', HASH.trim()), true);
  assert.equal(await verifyPassword('secret', (await hashPassword('secret')).replace(/.$/, '')), false);
});

test('a secret named as a list by mistake is neither quoted nor kept', async (t) => {
  for (const [path, secret] of [
    ['config/smarthost', 'hunter2'],
    [KEY, 'PRIVATE KEY'],
  ] as const) {
    const site = await fullSite();
    t.after(site.remove);
    await edits(
      'rules/10-relay.yaml',
      '{ type: address, file: config/lists/people.txt }',
      `{ type: address, file: ${path} }`,
    )(site, (one) => join(site.root, one));
    const { diagnostics, sources } = loadSite(site.config);
    assert.ok(diagnostics.some(({ code }) => code === 'RLY1203'));
    assert.equal(sources.has(path), false);
    assert.ok(!JSON.stringify(diagnostics).includes(secret), JSON.stringify(diagnostics));
  }
});
