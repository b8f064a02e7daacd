import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Policy } from '../../src/policy/compile/policy.ts';
import { findFact } from '../../src/policy/facts/find.ts';
import { type FactValue, Unknown } from '../../src/policy/value.ts';
import { loadSite } from '../../src/site/loading/load.ts';
import { type Plot, play } from '../policy/decide/play.ts';
import { POLICIES, ShippedSite } from './shipped-site.ts';

/* The shipped rules, all of them on, with every look-up unknown, alone and in pairs, against all that it might have found. */

let site: ShippedSite;
let policy: Policy;
before(() => {
  site = new ShippedSite();
  const loaded = loadSite(site.configure(POLICIES));
  policy = loaded.site?.policy ?? assert.fail('the shipped site does not load');
});
after(() => site.remove());

/** What a look-up may find, the harmless first. */
const findings = (name: string): readonly FactValue[] => {
  if (name.startsWith('dnsbl.')) return [null, ['sbl'], ['xbl'], ['pbl'], ['listed']];
  if (name === 'client.rdns') return ['mail.example.org', null, 'h7.dyn.example.net'];
  if (name === 'body.text' || name === 'body.html') return ['hello', null];
  if (name === 'attachment') return [null, [{ name: 'a.exe', extension: 'exe', type: 'application/x-dosexec', size: 10, sha256: 'aa' }]];
  const definition = findFact(name);
  const literal = definition?.type.literal.enum;
  if (Array.isArray(literal)) return literal.filter((value) => typeof value === 'string');
  return definition === null ? [false, true] : [true, false];
};

/** Answers with what is said, else with the harmless; remembers who was asked. */
class Findings extends Map<string, FactValue> {
  readonly asked: Set<string>;
  constructor(said: ReadonlyMap<string, FactValue>, asked: Set<string>) {
    super(said);
    this.asked = asked;
  }
  override get(name: string): FactValue | undefined {
    this.asked?.add(name);
    return super.has(name) ? super.get(name) : (findings(name)[0] ?? null);
  }
}

const STRANGER = { 'helo.name': 'mail.example.org', 'helo.verb': 'EHLO', 'message.size': 2000, listener: 'mx', 'tls.active': true };
const message = { from: 'Ann <ann@example.org>', date: 'Mon, 5 Jan 2026 12:00:00 +0000', 'message-id': '<1@example.org>', subject: 'Hi' };

const SESSIONS: Readonly<Record<string, Omit<Plot, 'policy' | 'found'>>> = {
  'a stranger to a user': { sender: 'ann@example.org', recipients: ['ann@example.com'], headers: message, given: STRANGER },
  'a stranger to nobody': { sender: 'ann@example.org', recipients: ['nobody@example.com'], headers: message, given: STRANGER },
  'a stranger to elsewhere': { sender: 'ann@example.org', recipients: ['x@example.net'], headers: message, given: STRANGER },
  'a bounce': { sender: '', recipients: ['ann@example.com', 'postmaster@example.com'], headers: message, given: STRANGER },
  'a client without manners': {
    sender: 'ann@example.org',
    recipients: ['ann@example.com'],
    headers: {},
    given: { ...STRANGER, 'helo.name': 'x' },
  },
  'a user of our own': {
    sender: 'ann@example.com',
    recipients: ['x@example.net'],
    headers: message,
    given: { ...STRANGER, 'auth.user': 'ann@example.com', 'auth.method': 'plain', listener: 'submission' },
  },
};

const combinations = (names: readonly string[]): readonly ReadonlyMap<string, FactValue>[] =>
  names.reduce<readonly ReadonlyMap<string, FactValue>[]>(
    (all, name) => all.flatMap((one) => findings(name).map((value) => new Map(one).set(name, value))),
    [new Map()],
  );

const UNKNOWN = new Unknown('no answer');

for (const [name, session] of Object.entries(SESSIONS))
  test(name, (context) => {
    const asked = new Set<string>();
    const played = (said: ReadonlyMap<string, FactValue>) => play({ ...session, policy, found: new Findings(said, asked) });
    const plain = played(new Map());
    let tried = 0;
    let waiting = 0;
    const lookUps = [...asked].sort();
    for (const [index, one] of lookUps.entries())
      for (const other of lookUps.slice(index)) {
        const names = [...new Set([one, other])];
        const unknown = played(new Map(names.map((fact) => [fact, UNKNOWN])));
        const known = combinations(names).map(played);
        session.recipients.forEach((recipient, at) => {
          tried++;
          const fates = new Set(known.map(({ fates }) => fates[at]));
          if (unknown.fates[at] === 'refused') assert.ok(!fates.has('accepted'), `${recipient} is refused without ${names.join(' and ')}`);
          if (unknown.letIn[at])
            assert.ok(!known.some(({ denied }) => denied[at]), `${recipient} is let in without ${names.join(' and ')}`);
          if (fates.size === 1 && unknown.fates[at] === 'deferred' && !fates.has('deferred')) waiting++;
        });
      }
    context.diagnostic(`${plain.fates.join(', ')} with ${lookUps.join(' ')}; ${tried} cases, ${waiting} wait whose fate no answer changes`);
  });
