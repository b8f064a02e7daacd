import { nearest } from '../suggest.ts';
import { type Fault, offendingKey, parameter } from './fault.ts';

/*
 * ajv reports every alternative it tried. What is kept: of an anyOf or oneOf the complaints that got
 * furthest into the value, for there the author's intention is clear; of several complaints about one value the most
 * basic one; and a missing key not at all when a key beside it is that one misspelt.
 */

/** Basic complaints first: a text that should be a number need not be told its pattern, too. */
const RANK: readonly string[] = ['type', 'false schema', 'const', 'enum', 'pattern', 'format', 'minItems', 'minProperties'];

const SILENT: ReadonlySet<string> = new Set(['if', '$ref', 'dependentSchemas']);

const ALTERNATIVES: ReadonlySet<string> = new Set(['anyOf', 'oneOf']);

const rank = (fault: Fault): number => (RANK.includes(fault.keyword) ? RANK.indexOf(fault.keyword) : RANK.length);

const isBelow = (fault: Fault, ancestor: Fault): boolean => ancestor.path.every((step, index) => step === fault.path[index]);

/** One fault for each mistake, in the order reported. */
export const foldFaults = (reported: readonly Fault[]): readonly Fault[] => {
  const faults = chooseAlternatives(reported.filter((fault) => !SILENT.has(fault.keyword)));
  const best = new Map<string, Fault>();
  for (const fault of faults) {
    const place = placeOf(fault);
    const other = best.get(place);
    if (other === undefined || rank(fault) < rank(other)) best.set(place, fault);
  }
  return withoutMisspelt([...best.values()]);
};

const placeOf = (fault: Fault): string => {
  const key = fault.keyword === 'required' ? `missing ${parameter(fault, 'missingProperty')}` : offendingKey(fault);
  return JSON.stringify([...fault.path, key]);
};

/** The children of an alternative come before it; they are replaced by those that got furthest, or by the alternative itself. */
const chooseAlternatives = (faults: readonly Fault[]): readonly Fault[] => {
  const kept: Fault[] = [];
  for (const fault of faults) {
    if (!ALTERNATIVES.has(fault.keyword)) {
      kept.push(fault);
      continue;
    }
    const tried: Fault[] = [];
    while (kept.length > 0 && isBelow(kept[kept.length - 1] ?? fault, fault)) tried.unshift(...kept.splice(-1));
    const furthest = Math.max(0, ...tried.map(depth));
    const chosen = tried.filter((child) => depth(child) === furthest);
    kept.push(...(furthest > fault.path.length ? chosen : [withTypes(fault, tried)]));
  }
  return kept;
};

/** An unknown key is one step further in than the mapping it stands in. */
const depth = (fault: Fault): number => fault.path.length + (offendingKey(fault) === null && fault.keyword !== 'required' ? 0 : 1);

/** "Expected a text or a sequence": all types that any alternative would have taken. */
const withTypes = (fault: Fault, tried: readonly Fault[]): Fault => {
  const types = tried.filter((child) => child.keyword === 'type').map((child) => parameter(child, 'type'));
  const [only] = tried;
  if (types.length < tried.length) return tried.find((child) => child.keyword !== 'type') ?? only ?? fault;
  return { ...fault, keyword: 'type', parameters: { type: [...new Set(types)].join(',') } };
};

const withoutMisspelt = (faults: readonly Fault[]): readonly Fault[] => {
  const unknown = faults.filter((fault) => offendingKey(fault) !== null);
  const isMisspelt = (missing: Fault): boolean =>
    unknown.some(
      (fault) =>
        fault.path.length === missing.path.length &&
        isBelow(fault, missing) &&
        nearest(offendingKey(fault) ?? '', [parameter(missing, 'missingProperty')]) !== null,
    );
  return faults.filter((fault) => fault.keyword !== 'required' || !isMisspelt(fault));
};
