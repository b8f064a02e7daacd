import type { Json } from '../../json.ts';

/** The longest piece of a policy that advice repeats. Characters. */
const LONGEST = 120;

/** A value on one line, as in a flow collection; an ellipsis if it is long. */
export const flow = (value: Json): string => {
  const text = written(value);
  return text.length > LONGEST ? '…' : text;
};

const written = (value: Json): string => {
  if (typeof value === 'string') return PLAIN.test(value) && !AMBIGUOUS.test(value) ? value : JSON.stringify(value);
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`;
  return `{ ${Object.entries(value)
    .map(([key, part]) => `${written(key)}: ${written(part)}`)
    .join(', ')} }`;
};

/** Texts that need no quotes anywhere in a flow collection. */
const PLAIN = /^[A-Za-z0-9._/+][\w./+@-]*$/;

/** Texts that YAML would not read as text. */
const AMBIGUOUS = /^(?:[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?|0[xo][\da-f]+|true|false|null|yes|no|on|off|~|\.inf|\.nan)$/i;
