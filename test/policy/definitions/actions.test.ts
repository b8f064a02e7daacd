import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { actions } from '../../../src/policy/actions/index.ts';
import { exactTemplate, template } from '../../../src/policy/compile/template.ts';
import type { Need } from '../../../src/policy/decision.ts';
import { type CompiledAction, PolicyError } from '../../../src/policy/definition.ts';
import type { Hook } from '../../../src/policy/hook.ts';
import type { Json } from '../../../src/policy/json.ts';
import { parseReply } from '../../../src/policy/parse-reply.ts';
import type { Truth } from '../../../src/policy/truth.ts';
import { given } from './given.ts';

const compile = (name: string, argument: Json, hook: Hook = 'rcpt'): CompiledAction => {
  const definition = actions.get(name);
  assert.ok(definition);
  const text = (facts: { get: (fact: string) => unknown }, fact: string): string | null => {
    const value = facts.get(fact);
    return typeof value === 'string' ? value : null;
  };
  return definition.compile(argument, { hook, rule: 'p/rule', template, exact: exactTemplate, text });
};

const effectOf = (name: string, argument: Json, facts: Readonly<Record<string, Json>> = {}): unknown => {
  const action = compile(name, argument);
  assert.ok(action.does === 'effect');
  return action.make(given(facts));
};

const code = (name: string, argument: Json): unknown => {
  try {
    compile(name, argument);
    return 'fine';
  } catch (error) {
    assert.ok(error instanceof PolicyError);
    return error.code;
  }
};

suite('replies', () => {
  test('missing reply parts default by verdict and hook', () => {
    assert.deepEqual(parseReply('550 5.6.0 X missing', 'reject', 'data_post'), { code: 550, enhanced: '5.6.0', text: 'X missing' });
    assert.deepEqual(parseReply('552 Too big', 'reject', 'mail'), { code: 552, enhanced: '5.3.4', text: 'Too big' });
    assert.equal(parseReply('451', 'defer', 'mail').enhanced, '4.7.1');
    assert.equal(parseReply('', 'reject', 'connect').code, 554);
    assert.equal(parseReply('', 'defer', 'connect_init').code, 421);
    assert.equal(parseReply('', 'reject', 'auth').enhanced, '5.7.8');
    assert.equal(parseReply('', 'defer', 'rcpt').code, 451);
  });

  test('rejects a reply of another class than the verdict', () => {
    const wrong: readonly (readonly [string, 'reject' | 'defer', string])[] = [
      ['451 4.7.1 x', 'reject', 'RLY3004'],
      ['550', 'defer', 'RLY3004'],
      ['250 2.0.0 ok', 'reject', 'RLY3004'],
      ['550 4.7.1 x', 'reject', 'RLY3005'],
      ['5.7.1 x', 'reject', 'RLY1105'],
      ['go away', 'reject', 'RLY1105'],
      ['5500', 'reject', 'RLY1105'],
    ];
    for (const [written, refusal, expected] of wrong)
      assert.throws(
        () => parseReply(written, refusal, 'rcpt'),
        (error: unknown) => error instanceof PolicyError && error.code === expected,
        written,
      );
  });

  test('a fact in a reply cannot add a line or exceed its length', () => {
    const action = compile('reject', '550 5.7.1 ${helo.name}');
    assert.ok(action.does === 'verdict');
    const verdict = action.make(given({ 'helo.name': `a\r\n250 ok${'x'.repeat(1000)}` }), () => false);
    assert.ok(verdict?.verdict === 'reject');
    assert.ok(verdict.text.startsWith('a 250 ok'));
    assert.ok(verdict.text.length <= 450);
  });
});

suite('arguments', () => {
  const wrong: readonly (readonly [string, Json, string])[] = [
    ['tarpit', '6m', 'RLY1106'],
    ['tarpit', 'soon', 'RLY2019'],
    ['hold', '31d', 'RLY1106'],
    ['add_header', { name: 'Subject', value: 'x' }, 'RLY2018'],
    ['add_header', { name: 'Received', value: 'x' }, 'RLY2018'],
    ['replace_header', { name: 'Return-Path', value: 'x' }, 'RLY2018'],
    ['replace_header', { name: 'Subject', value: 'x' }, 'fine'],
    ['add_header', { name: 'X-A', value: '${nothing}' }, 'RLY2013'],
    ['greylist', { key: ['client.nett'] }, 'RLY2001'],
    ['greylist', { delay: '3d' }, 'RLY1107'],
    ['dsn', 'some', 'RLY1104'],
    ['send', { to: 'a@example.com' }, 'RLY2019'],
  ];
  for (const [name, argument, expected] of wrong)
    test(`${name} ${JSON.stringify(argument)}`, () => assert.equal(code(name, argument), expected));
});

suite('greylist', () => {
  const ask = (answer: Truth): { asked: Need[]; verdict: unknown } => {
    const asked: Need[] = [];
    const action = compile('greylist', null);
    assert.ok(action.does === 'verdict');
    const facts = given({ 'client.net': '192.0.2.0/24', 'sender.address': 'absent', 'recipient.address': 'b@example.com' });
    const verdict = action.make(facts, (need) => {
      asked.push(need);
      return answer;
    });
    return { asked, verdict };
  };

  test('defers, lets through, or does not know yet', () => {
    assert.deepEqual(ask(true).verdict, {
      verdict: 'defer',
      code: 451,
      enhanced: '4.7.1',
      text: 'Greylisted, try again later',
      disconnect: false,
    });
    assert.equal(ask(false).verdict, null);
    assert.equal(ask(undefined).verdict, undefined);
  });

  test('asks with the key and its times', () => {
    assert.deepEqual(ask(true).asked, [
      {
        need: 'greylist',
        name: 'greylist.p/rule',
        key: '["p/rule","192.0.2.0/24",null,"b@example.com"]',
        delay: 300_000,
        window: 172_800_000,
        keep: 3_024_000_000,
      },
    ]);
  });
});

suite('addresses out of templates', () => {
  test('rejects an invalid literal address; the envelope checks template results', () => {
    for (const action of ['add_recipient', 'redirect_to', 'rewrite_recipient', 'rewrite_sender'])
      for (const literal of ['Ann <a@example.com>', 'a@example.com, b@example.com', 'a@-example.com', 'a b@example.com'])
        assert.equal(code(action, literal), 'RLY2019', `${action} ${literal}`);
    const produced = effectOf('rewrite_recipient', '${sender.address}@example.com', { 'sender.address': 'a b' });
    assert.deepEqual(produced, { effect: 'rewrite_recipient', address: 'a b@example.com' });
  });

  test('mail to an address built from an unknown fact is not sent', () => {
    const produced = effectOf('add_recipient', ['a@example.com', '${sender.local}@example.com'], { 'sender.local': 'unknown' });
    assert.deepEqual(produced, { effect: 'unmade', of: 'add_recipient', reason: 'given as unknown' });
  });

  test('several', () => {
    assert.deepEqual(effectOf('add_recipient', ['a@example.com', '${sender.address}'], { 'sender.address': 'b@example.com' }), {
      effect: 'add_recipient',
      addresses: ['a@example.com', 'b@example.com'],
      literals: ['a@example.com'],
    });
  });

  test('line breaks in the text are kept, those in a fact are not', () => {
    const argument = { to: 'a@example.com', from: 'b@example.com', subject: 's', text: 'One\n${helo.name}' };
    assert.deepEqual(effectOf('send', argument, { 'helo.name': 'x\r\n.\r\n' }), {
      effect: 'send',
      to: ['a@example.com'],
      literals: ['a@example.com'],
      from: 'b@example.com',
      fromLiteral: true,
      subject: 's',
      text: 'One\nx . ',
    });
  });
});
