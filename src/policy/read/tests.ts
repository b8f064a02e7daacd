import { isHook } from '../hook.ts';
import type { Located, TestExpectation, TestSyntax } from '../syntax.ts';
import { overlaid } from './overlaid.ts';
import { elements, entry, except, numberOf, textOf, withValue } from './parts.ts';

/** A test as written, or one for each of its cases. */
export const readTest = (located: Located): readonly TestSyntax[] => {
  const cases = entry(located, 'cases');
  if (cases === null) return [readOne([located], textOf(entry(located, 'name')) ?? '')];
  return elements(cases).map((one, index) =>
    readOne([located, one], `${textOf(entry(located, 'name')) ?? ''}: ${textOf(entry(one, 'name')) ?? `case ${index + 1}`}`),
  );
};

/** The value of a key in several layers; the last layer wins. */
const layered = (layers: readonly Located[], key: string): Located | null => {
  const said = layers.flatMap((layer) => entry(layer, key) ?? []);
  return said.length === 0 ? null : said.reduce(overlaid);
};

/** Whatever `expect` says beside the known words stays under `more`. */
const readOne = (layers: readonly [Located, ...Located[]], name: string): TestSyntax => {
  const innermost = layers.at(-1) ?? layers[0];
  const message = layers.flatMap((layer) => entry(layer, 'message') ?? []).at(-1);
  return {
    name,
    given: layered(layers, 'given') ?? withValue(innermost, {}),
    message: message === undefined ? null : { file: String(message.value), at: message.at },
    expect: readExpectation(layered(layers, 'expect') ?? withValue(innermost, {})),
    at: innermost.at,
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
