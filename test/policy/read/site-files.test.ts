import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SiteFileError, type SiteFiles, siteFiles } from '../../../src/policy/read/site-files.ts';

describe('the files of a site', () => {
  let folder = '';
  let files: SiteFiles;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'relayctl-files-'));
    const site = join(folder, 'site');
    mkdirSync(join(site, 'config'), { recursive: true });
    writeFileSync(join(folder, 'secret'), 'secret');
    writeFileSync(join(site, 'config', 'list'), 'a\n');
    writeFileSync(join(site, 'config', 'latin1'), Buffer.from([0x61, 0xe4]));
    symlinkSync(join(folder, 'secret'), join(site, 'config', 'out'));
    symlinkSync('list', join(site, 'config', 'within'));
    symlinkSync('loop', join(site, 'config', 'loop'));
    execFileSync('mkfifo', [join(site, 'config', 'pipe')]);
    files = siteFiles(site);
  });

  after(() => rmSync(folder, { recursive: true }));

  const refuses = (path: string, reason: RegExp): void =>
    assert.throws(
      () => files.read(path, 'list'),
      (error) => error instanceof SiteFileError && reason.test(error.message),
    );

  it('are read by paths relative to it, through links that stay inside', () => {
    assert.equal(files.read('config/list', 'list'), 'a\n');
    assert.equal(files.read('config/within', 'list'), 'a\n');
  });

  it('cannot be reached by .., an absolute path or a link that leads out', () => {
    refuses('../secret', /outside the site/);
    refuses('config/../../secret', /outside the site/);
    refuses(join(folder, 'secret'), /outside the site/);
    refuses('config/out', /symbolic link/);
  });

  it('are regular files in UTF-8; a pipe does not block', () => {
    refuses('config/pipe', /regular file/);
    refuses('config', /regular file|EISDIR/);
    refuses('config/latin1', /UTF-8/);
    refuses('config/loop', /loop/);
    refuses('config/none', /no such file/);
  });
});
