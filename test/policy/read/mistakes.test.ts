import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { actions } from '../../../src/policy/actions/index.ts';
import { findFact } from '../../../src/policy/facts/find.ts';
import { isHook } from '../../../src/policy/hook.ts';
import { operators } from '../../../src/policy/operators/index.ts';
import {
  ACTION_NAMES,
  CONFIG_WORDS,
  FACT_WORDS,
  HOOK_WORDS,
  LIST_TYPE_WORDS,
  OPERATOR_WORDS,
} from '../../../src/policy/read/meant/words.ts';
import { LIST_TYPES } from '../../../src/policy/syntax.ts';
import { SITE_KEYS } from '../../../src/site/config/site-keys.ts';
import { ACTIONS, CONDITIONS, LAYOUT, type Mistake, PARTS } from './mistakes.ts';
import { saidOf } from './said.ts';

const check = ([policy, wrong, right, says = right]: Mistake): void => {
  const place = policy.indexOf(wrong);
  assert.ok(place >= 0, `${wrong} is in the policy`);
  const [told, ...others] = saidOf(policy);
  assert.ok(told, 'there is a finding');
  assert.equal(told.at.line, policy.slice(0, place).split('\n').length + 1, `line of "${told.message}"`);
  assert.ok(told.help.includes(says), `"${told.help}" says "${says}"`);
  assert.deepEqual(
    others.filter(({ help }) => !help.includes(says)).map(({ message }) => message),
    [],
    'and nothing is said that does not say so',
  );
  assert.deepEqual(
    saidOf(policy.replace(wrong, () => right)).map(({ message }) => message),
    [],
    'nothing is said of what was advised',
  );
};

for (const [what, mistakes] of Object.entries({ CONDITIONS, ACTIONS, PARTS, LAYOUT }))
  describe(`a mistake in ${what.toLowerCase()} is told with what to write, and that is right`, () => {
    for (const mistake of mistakes) it(mistake[1].trim(), () => check(mistake));
  });

it('every key of the configuration is recognised in a policy', () => {
  const keys = Object.keys(SITE_KEYS).filter((key) => key !== 'version');
  assert.deepEqual(
    keys.filter((key) => !CONFIG_WORDS.includes(key)),
    [],
  );
});

it('words of others stand for names that there are', () => {
  for (const fact of Object.values(FACT_WORDS)) assert.ok(findFact(fact), fact);
  for (const action of Object.values(ACTION_NAMES)) assert.ok(actions.has(action), action);
  for (const operator of Object.values(OPERATOR_WORDS)) assert.ok(operators.has(operator), operator);
  for (const hook of Object.values(HOOK_WORDS)) assert.ok(isHook(hook), hook);
  for (const type of Object.values(LIST_TYPE_WORDS))
    assert.ok(
      LIST_TYPES.some((known) => known === type),
      type,
    );
});

it('sizes are written in upper and lower case', () => {
  for (const size of ['10kB', '10KB', '10kb', '25MiB', '25mib', '1.5GiB', '4096'])
    assert.deepEqual(saidOf(`rules: [{ id: a, on: data_post, when: { message.size: { gt: ${size} } }, then: reject }]\n`), [], size);
});
