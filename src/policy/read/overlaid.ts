import { isObject, type Json } from '../json.ts';
import type { Located, Path } from '../syntax.ts';

const mapping = ({ value }: Located): Readonly<Record<string, Json>> => (isObject(value) ? value : {});

/** Two mappings as one, in which the entries of `over` win. Every entry keeps its own place; the whole has that of `over`. */
export const overlaid = (base: Located, over: Located): Located => {
  const above = mapping(over);
  const ruling = ([step]: Path): Located => (step === undefined || Object.hasOwn(above, String(step)) ? over : base);
  return {
    value: { ...mapping(base), ...above },
    at: over.at,
    spanOf: (path, part) => ruling(path).spanOf(path, part),
    within: (path, range) => ruling(path).within(path, range),
    sourceOf: (path, part) => ruling(path).sourceOf(path, part),
    linesOf: (path) => ruling(path).linesOf(path),
    below: (path) => ruling(path).below(path),
  };
};
