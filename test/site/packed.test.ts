import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, suite, test } from 'node:test';
import { PROJECT } from '../kit/project.ts';
import { settled } from '../kit/settled.ts';
import { writeDkimKey } from './shipped-site.ts';

/* The package as npm makes it, unpacked where nothing of the source tree is near: what it lacks is missed here. */

const PAGES = ['README.md', 'ARCHITECTURE.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'];
const OWN = [...PAGES, 'package.json', 'LICENSE', 'src', 'tsconfig.json', 'rules', 'config', 'schemas', 'docs', 'contrib'];

const folder = mkdtempSync(join(tmpdir(), 'relayctl-packed-'));
const installed = join(folder, 'node_modules/relayctl');
after(() => rmSync(folder, { recursive: true, force: true }));

/** The build that `npm run test:run` has just made, or a fresh one, since `dist` of the tree may be stale. */
const build = (copy: string): void => {
  const compiler = join(PROJECT, 'node_modules/typescript/bin/tsc');
  if (process.env.RELAYCTL_MAIN) cpSync(join(PROJECT, 'dist'), join(copy, 'dist'), { recursive: true });
  else execFileSync(process.execPath, [compiler, '-p', 'tsconfig.json'], { cwd: copy, stdio: 'pipe' });
};

/** `npm pack` of a copy. */
const pack = (): string => {
  const copy = join(folder, 'copy');
  mkdirSync(copy);
  for (const part of OWN) cpSync(join(PROJECT, part), join(copy, part), { recursive: true });
  symlinkSync(join(PROJECT, 'node_modules'), join(copy, 'node_modules'));
  build(copy);
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--ignore-scripts', '--json'], { cwd: copy, encoding: 'utf8' }));
  return join(copy, filename);
};

/** Unpacks as `npm install` would, with the dependencies that the package names and no others. */
const install = (tarball: string): void => {
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1']);
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(PROJECT, 'node_modules', name), link);
  }
};

const main = join(installed, 'dist/cli/main.js');

const relayctl = (...words: readonly string[]): string =>
  execFileSync(process.execPath, [main, ...words], { cwd: folder, encoding: 'utf8' });

const edit = (path: string, change: (text: string) => string): void => {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  settled(path);
};

/** The shipped site in a folder of its own, on a free port. */
const copied = (name: string): string => {
  const site = join(folder, name);
  mkdirSync(site);
  for (const part of ['config', 'rules']) cpSync(join(installed, part), join(site, part), { recursive: true, preserveTimestamps: true });
  return freed(site);
};

/** On a port that nobody else has; gives the path of the configuration. */
const freed = (site: string): string => {
  const config = join(site, 'config/relay.yaml');
  edit(config, (text) => text.replace('127.0.0.1:2525', '127.0.0.1:0'));
  return config;
};

/** What the package's own code finds, loaded once in this process. */
const assertSound = async (config: string): Promise<void> => {
  const loading: typeof import('../../src/site/loading/load.ts') = await import(join(installed, 'dist/site/loading/load.js'));
  const testing: typeof import('../../src/site/testing/run-tests.ts') = await import(join(installed, 'dist/site/testing/run-tests.js'));
  const { site, diagnostics } = loading.loadSite(config);
  assert.deepEqual(diagnostics, []);
  const { passed, failed } = await testing.runTests(site ?? assert.fail(config));
  assert.ok(failed === 0 && passed > 0, `${passed} passed, ${failed} failed`);
};

/** It is served, and a reload of the unchanged site is taken. */
const assertRuns = async (config: string): Promise<void> => {
  const served = spawn(process.execPath, [main, 'serve', '-c', config], { stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(served, 'exit');
  const ready = once(createInterface({ input: served.stdout }), 'line');
  assert.match(String((await Promise.race([ready, exited]))[0]), /^ready mx=127\.0\.0\.1:\d+/);
  assert.match(relayctl('reload', '-c', config), /^policy [0-9a-f]{12}/);
  served.kill('SIGTERM');
  assert.deepEqual(await exited, [0, null]);
};

const dependenciesOf = (packaged: string): readonly string[] =>
  Object.keys(JSON.parse(readFileSync(join(packaged, 'package.json'), 'utf8')).dependencies ?? {});

/** What the package needs at run time, and what that needs, out of the tree that `npm ci` has made. */
const copyDependencies = (packaged: string): void => {
  const present = join(PROJECT, 'node_modules');
  const copied = new Set<string>();
  for (const names = [...dependenciesOf(packaged)]; names.length > 0; ) {
    const name = names.pop() ?? '';
    if (copied.has(name) || !existsSync(join(present, name))) continue;
    copied.add(name);
    cpSync(join(present, name), join(packaged, 'node_modules', name), { recursive: true });
    names.push(...dependenciesOf(join(present, name)));
  }
};

/** As npm installs globally, where npm itself cannot get the dependencies. */
const layOut = (tarball: string, prefix: string): void => {
  const packaged = join(prefix, 'lib/node_modules/relayctl');
  for (const place of [packaged, join(prefix, 'bin')]) mkdirSync(place, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', packaged, '--strip-components=1']);
  copyDependencies(packaged);
  chmodSync(join(packaged, 'dist/cli/main.js'), 0o755);
  symlinkSync('../lib/node_modules/relayctl/dist/cli/main.js', join(prefix, 'bin/relayctl'));
};

/** By npm, as people do, or by hand; gives the prefix. */
const installGlobally = (tarball: string): string => {
  const prefix = join(folder, 'global');
  const words = ['--prefer-offline', '--fetch-retries=0', '--no-audit', '--no-fund'];
  const { status } = spawnSync('npm', ['install', '--global', '--prefix', prefix, ...words, tarball], { stdio: 'ignore', timeout: 60_000 });
  if (status === 0) return prefix;
  const byHand = join(folder, 'global-by-hand');
  layOut(tarball, byHand);
  return byHand;
};

/** Nobody may write, as in a package that the system's package manager has installed. */
const makeReadOnly = (path: string): void => {
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) chmodSync(join(entry.parentPath, entry.name), entry.name === 'main.js' ? 0o555 : 0o444);
};

/** Root may write everywhere, so the command runs as a user who may not. */
const asUser = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

suite('the npm package', () => {
  let tarball = '';
  before(() => {
    tarball = pack();
    install(tarball);
  });

  test('installed globally, read-only, run by another user from another folder', () => {
    const prefix = installGlobally(tarball);
    const packaged = join(prefix, 'lib/node_modules/relayctl');
    makeReadOnly(packaged);
    chmodSync(folder, 0o755);
    const home = join(folder, 'home');
    mkdirSync(home);
    chmodSync(home, 0o777);
    const options = { cwd: home, encoding: 'utf8', env: { ...process.env, HOME: home }, ...asUser } as const;
    const run = (...words: readonly string[]): string => execFileSync(join(prefix, 'bin/relayctl'), words, options);
    assert.match(run('demo'), /to ann@example\.com/);
    run('init');
    assert.match(run('lint'), /3 policies/);
    assert.match(run('test'), /0 failed/);
    assert.equal(readFileSync(join(home, 'schemas/policy.schema.json'), 'utf8').includes('urn:relayctl:schema:policy:1'), true);
  });

  test('no source maps, nothing of the tests', () => {
    const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
    assert.deepEqual(
      files.filter((file) => /\.map$|^test\b|^src\b/.test(file)),
      [],
    );
  });

  test('what its pages link to is packed', () => {
    const pages = [...PAGES, ...readdirSync(join(installed, 'docs')).map((name) => `docs/${name}`)];
    for (const page of pages)
      for (const [, target = ''] of readFileSync(join(installed, page), 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g))
        if (!/^https?:/.test(target)) assert.ok(existsSync(join(installed, dirname(page), target)), `${page}: ${target}`);
  });

  test('the installed site lints cleanly and passes all tests', () => {
    const config = join(installed, 'config/relay.yaml');
    assert.match(relayctl('lint', '-c', config), /no problems found/);
    assert.match(relayctl('test', '-c', config), / 0 failed/);
  });

  test('its site in a folder of its own', async () => {
    const config = copied('as-shipped');
    await assertSound(config);
    const session = ['-c', config, '--ip', '203.0.113.9', '--from', 'a@example.org', '--to', 'nobody@example.com', '--json'];
    assert.equal(JSON.parse(relayctl('explain', ...session)).outcome.enhanced, '5.1.1');
    await assertRuns(config);
  });

  test('its site with each of the optional policies on, one at a time', async () => {
    const config = copied('one-on');
    writeDkimKey(dirname(config));
    const shipped = readFileSync(config, 'utf8');
    const optional = shipped.match(/^ {2}# - rules\/\S+/gm) ?? assert.fail('no policy is off');
    assert.ok(optional.length > 5);
    for (const line of optional) {
      edit(config, () => shipped.replace(line, line.replace('# ', '')));
      await assertSound(config);
    }
  });

  test('its site with every policy on', async () => {
    const config = copied('all-on');
    edit(config, (text) => text.replaceAll('  # - rules/', '  - rules/'));
    writeDkimKey(dirname(config));
    await assertSound(config);
    await assertRuns(config);
  });

  test('a site that init writes', async () => {
    relayctl('init', join(folder, 'new'));
    const config = freed(join(folder, 'new'));
    await assertSound(config);
    await assertRuns(config);
  });

  test('init --full writes the site that ships, and its policies can be switched on', async () => {
    const site = join(folder, 'full');
    relayctl('init', '--full', site);
    const contents = (root: string): readonly string[] =>
      ['config', 'rules'].flatMap((part) => readdirSync(join(root, part), { recursive: true, encoding: 'utf8' })).sort();
    assert.deepEqual(contents(site), contents(installed));
    const config = freed(site);
    edit(config, (text) => text.replace('  # - rules/51-greylist.yaml', '  - rules/51-greylist.yaml'));
    await assertSound(config);
  });

  test('its demonstration', () => assert.match(relayctl('demo'), /550 5\.1\.1/));
});
