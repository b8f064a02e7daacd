import { isHook } from '../hook.ts';
import type { Located, TestExpectation, TestSyntax } from '../syntax.ts';
import { entry, except, numberOf, textOf, withValue } from './parts.ts';

/** A test as written; whatever `expect` says beside the known words stays under `more`. */
export const readTest = (located: Located): TestSyntax => {
  const message = entry(located, 'message');
  return {
    name: textOf(entry(located, 'name')) ?? '',
    given: entry(located, 'given') ?? withValue(located, {}),
    message: message === null ? null : { file: String(message.value), at: message.at },
    expect: readExpectation(entry(located, 'expect') ?? withValue(located, {})),
    at: located.at,
  };
};

const truthOf = (located: Located | null): boolean | null => (typeof located?.value === 'boolean' ? located.value : null);

const readExpectation = (expect: Located): TestExpectation => {
  const at = textOf(entry(expect, 'at'));
  return {
    at: at !== null && isHook(at) ? at : null,
    verdict: textOf(entry(expect, 'verdict')),
    code: numberOf(entry(expect, 'code')),
    enhanced: textOf(entry(expect, 'enhanced')),
    text: textOf(entry(expect, 'text')),
    by: textOf(entry(expect, 'by')),
    byAt: expect.spanOf(['by'], 'value'),
    codeAt: expect.spanOf(['code'], 'value'),
    disconnect: truthOf(entry(expect, 'disconnect')),
    route: textOf(entry(expect, 'route')),
    more: except(expect, ['at', 'verdict', 'code', 'enhanced', 'text', 'by', 'disconnect', 'route']),
  };
};
