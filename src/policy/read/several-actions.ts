import { actions } from '../actions/index.ts';
import { isArray, isObject } from '../json.ts';
import type { ActionSyntax, Located, Path } from '../syntax.ts';
import { elements, entries, entry, entrySpan } from './parts.ts';

/** An entry of `then:`: one action, or one for each part of its argument. */
export const actionsOf = (action: string, argument: Located): readonly ActionSyntax[] => {
  const several = actions.get(action)?.several;
  if (several === 'entries' && isArray(argument.value)) return elements(argument).map((one) => ({ action, argument: one, at: one.at }));
  if (several === 'fields' && isObject(argument.value) && !isField(argument))
    return entries(argument).map(([name, value]) => ({ action, argument: fieldOf(name, value), at: entrySpan(value) }));
  return [{ action, argument, at: entrySpan(argument) }];
};

const isField = (argument: Located): boolean => entry(argument, 'name') !== null || entry(argument, 'value') !== null;

/** `X-Gate: yes` as the pair `{name, value}`, each part at its own place. */
const fieldOf = (name: string, value: Located): Located => {
  const isName = ([step]: Path): boolean => step === 'name';
  const at = entrySpan(value);
  return {
    value: { name, value: value.value },
    at,
    spanOf: (path, part) => (path.length === 0 ? at : isName(path) ? value.spanOf([], 'key') : value.spanOf(path.slice(1), part)),
    within: (path, range) => (isName(path) ? value.spanOf([], 'key') : value.within(path.slice(1), range)),
    sourceOf: (path) => (isName(path) ? name : value.sourceOf(path.slice(1))),
    linesOf: () => null,
    below: ([step, ...path]) => (step === undefined ? fieldOf(name, value) : step === 'name' ? nameOf(name, value) : value.below(path)),
  };
};

const nameOf = (name: string, value: Located): Located => {
  const at = value.spanOf([], 'key');
  const place = () => at;
  const self: Located = { value: name, at, spanOf: place, within: place, sourceOf: () => name, linesOf: () => null, below: () => self };
  return self;
};
