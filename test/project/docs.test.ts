import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { suite, test } from 'node:test';
import { parse, parseDocument } from 'yaml';
import { selfSigned } from '../kit/certificate.ts';
import { MAIN } from '../kit/main.ts';
import { PROJECT } from '../kit/project.ts';
import { serveProcess } from '../kit/site.ts';
import { matchesRecording, type RecordedStep, stepsOf } from './recordings.ts';

/* What the pages tell a reader to type is typed here, in the site that the page starts from, with its relay running. */

const freePort = async (): Promise<number> => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address !== null ? address.port : 0;
};

const script = (file: string, body: string): void => {
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
};

/** `relayctl`, and `npx` in front of it, as a reader has them; the port of the page is that of the test. */
const writeCommands = (folder: string, port: number): void => {
  mkdirSync(folder);
  const run = `exec '${process.execPath}' ${MAIN.map((word) => `'${word}'`).join(' ')}`;
  script(join(folder, 'relayctl'), `case "$1" in send) shift; ${run} send --server 127.0.0.1:${port} "$@";; esac\n${run} "$@"`);
  script(join(folder, 'npx'), 'exec "$@"');
};

/** Comments stay: readers switch policies on by taking a `#` away. */
const withKeys = (before: string, keys: object): string => {
  const document = parseDocument(before);
  for (const [key, value] of Object.entries(keys)) document.set(key, document.createNode(value));
  return document.toString();
};

class Reader {
  readonly site: string;
  readonly config: string;
  readonly #commands: string;
  readonly #port: number;

  constructor(folder: string, port: number) {
    this.site = join(folder, 'site');
    this.config = join(this.site, 'config/relay.yaml');
    this.#commands = join(folder, 'bin');
    this.#port = port;
    mkdirSync(this.site);
    writeCommands(this.#commands, port);
  }

  /** The site is there: it listens where nobody else does, and the reader has a certificate. */
  prepare(): void {
    this.#edit(this.config, (text) => text.replaceAll('127.0.0.1:2525', `127.0.0.1:${this.#port}`));
    const { cert, key } = selfSigned('relay.example.com');
    mkdirSync(join(this.site, 'config/tls'));
    writeFileSync(join(this.site, 'config/tls/cert.pem'), cert);
    writeFileSync(join(this.site, 'config/tls/key.pem'), key, { mode: 0o600 });
  }

  #edit(file: string, change: (text: string) => string): void {
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  }

  /** What a page has a reader write; a new policy is switched on as well. */
  write({ file, partial, text }: Extract<RecordedStep, { kind: 'file' }>): void {
    const here = text.replaceAll('127.0.0.1:2525', `127.0.0.1:${this.#port}`);
    if (partial) this.#edit(join(this.site, file), (before) => withKeys(before, parse(here)));
    else writeFileSync(join(this.site, file), here);
    if (file.startsWith('rules/') && !readFileSync(this.config, 'utf8').includes(file))
      this.#edit(this.config, (before) => before.replace('  - rules/90-routes.yaml', `  - ${file}\n  - rules/90-routes.yaml`));
  }

  /** Standard output and error of a command, together. */
  run(command: string): Promise<string> {
    const env = { ...process.env, PATH: `${this.#commands}:${process.env.PATH}` };
    return new Promise((resolve) =>
      execFile('sh', ['-c', `(${command}) 2>&1`], { cwd: this.site, env, timeout: 120_000 }, (_, output) => resolve(output)),
    );
  }

  /** Mail that was accepted a moment ago may not have been delivered yet. */
  async until(command: string, expected: string): Promise<string> {
    for (let attempts = 0; ; attempts++) {
      const output = await this.run(command);
      if (matchesRecording(expected, output) || !command.startsWith('cat ') || attempts > 50) return output;
      await new Promise((again) => setTimeout(again, 100));
    }
  }
}

/** A checkout, as the README has it. */
const checkOut = (site: string): void => {
  for (const part of ['config', 'rules']) cpSync(join(PROJECT, part), join(site, part), { recursive: true });
};

const INIT = 'relayctl init --full';

/** Each page, and where its site comes from: the task page makes it with its own first command. */
const PAGES = [
  { page: 'README.md', makesSite: false },
  { page: 'docs/tasks.md', makesSite: true },
] as const;

/** Takes one step of a page, which must print what the page shows. */
const follow = async (reader: Reader, step: RecordedStep, page: string): Promise<void> => {
  if (step.kind === 'file') return reader.write(step);
  const output = await reader.until(step.command, step.output);
  assert.ok(matchesRecording(step.output, output), `$ ${step.command}\n${output}\nis not what ${page} shows:\n${step.output}`);
};

suite('pages', () => {
  test('a recording matches only its own output', () => {
    assert.ok(matchesRecording('a\n…\nz …\n', 'a\nb\nc\nz 1\n'));
    assert.ok(matchesRecording('…\n', ''));
    assert.ok(matchesRecording('', ''));
    assert.ok(!matchesRecording('', 'a\n'));
    assert.ok(!matchesRecording('a\n…\nz\n', 'a\nb\n'));
    assert.ok(!matchesRecording('a.c\n', 'abc\n'));
  });

  for (const { page, makesSite } of PAGES)
    test(page, { timeout: 600_000 }, async (context) => {
      const folder = mkdtempSync(join(tmpdir(), 'relayctl-docs-'));
      context.after(() => rmSync(folder, { recursive: true, force: true }));
      const reader = new Reader(folder, await freePort());
      const steps = stepsOf(readFileSync(page, 'utf8'));
      assert.ok(steps.length > 8);
      const [first, ...others] = steps;
      assert.equal(first?.kind === 'command' && first.command === INIT, makesSite);
      if (first && makesSite) await follow(reader, first, page);
      else checkOut(reader.site);
      reader.prepare();
      const relay = await serveProcess({ config: reader.config });
      context.after(() => relay.stop('SIGKILL'));
      for (const step of makesSite ? others : steps) await follow(reader, step, page);
      const output = await reader.run('relayctl lint && echo sound');
      assert.match(output, /^sound$/m, output);
    });

  test('links resolve', () => {
    const pages = ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md', 'SECURITY.md', ...readdirSync('docs').map((name) => `docs/${name}`)];
    for (const page of pages)
      for (const [, target = ''] of readFileSync(page, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^https?:/.test(target)) continue;
        const [path = '', anchor] = target.split('#');
        const file = path === '' ? page : posix.join(dirname(page), path);
        assert.ok(existsSync(file), `${page}: ${target}`);
        if (anchor !== undefined && file.endsWith('.md')) assert.ok(anchorsOf(file).includes(anchor), `${page}: ${target}`);
      }
  });
});

/** As GitHub makes them of headings. */
const anchorsOf = (file: string): readonly string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
