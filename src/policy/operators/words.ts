import { asArray, isObject, type Json } from '../json.ts';

/** An operand as a trace shows it: `"a", "b"` or `gte 2`. */
export const written = (operand: Json): string => {
  if (isObject(operand))
    return Object.entries(operand)
      .map(([name, value]) => `${name} ${written(value)}`)
      .join(' and ');
  return asArray(operand)
    .map((value) => JSON.stringify(value))
    .join(', ');
};

/** Several values read better with "one of". */
export const oneOfWords = (operand: Json): string =>
  Array.isArray(operand) && operand.length > 1 ? `one of ${written(operand)}` : written(operand);
