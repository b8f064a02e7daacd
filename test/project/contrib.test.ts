import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const UNIT = 'contrib/systemd/relayctl.service';

const analyse = (...words: readonly string[]) => spawnSync('systemd-analyze', words, { encoding: 'utf8' });
const hasSystemd = analyse('--version').status === 0;

/** The exposure that systemd sees, in tenths. */
const MOST = 16;

test('the systemd unit exposes 1.6 at most', { skip: hasSystemd ? false : 'no systemd-analyze here' }, () => {
  const { stdout, status } = analyse('security', '--offline=true', `--threshold=${MOST}`, UNIT);
  assert.equal(status, 0, stdout);
  assert.match(stdout, /Overall exposure level for relayctl\.service: 1\.[0-6] OK/);
});

test('the unit runs unprivileged, with CAP_NET_BIND_SERVICE only', () => {
  const unit = readFileSync(UNIT, 'utf8');
  const set = (key: string): readonly string[] => [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value);
  assert.deepEqual(set('User'), ['relay']);
  assert.deepEqual([set('AmbientCapabilities'), set('CapabilityBoundingSet')], [['CAP_NET_BIND_SERVICE'], ['CAP_NET_BIND_SERVICE']]);
  assert.deepEqual([set('Type'), set('NotifyAccess')], [['notify'], ['all']]);
});
