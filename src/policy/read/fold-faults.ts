import { nearest } from '../suggest.ts';
import { type Fault, offendingKey, parameter } from './fault.ts';
import { renamed } from './meant/key.ts';

/*
 * A schema complains of everything. What is kept: of several complaints about one value the most basic one; and a
 * missing key not at all when a key beside it is that one misspelt.
 */

/** Basic complaints first: a text that should be a number need not be told its pattern, too. */
const RANK: readonly string[] = ['type', 'false schema', 'const', 'enum', 'pattern', 'minItems', 'minProperties'];

const rank = (fault: Fault): number => (RANK.includes(fault.keyword) ? RANK.indexOf(fault.keyword) : RANK.length);

/** One fault for each mistake, in the order reported. */
export const foldFaults = (reported: readonly Fault[]): readonly Fault[] => {
  const best = new Map<string, Fault>();
  for (const fault of reported) {
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

const withoutMisspelt = (faults: readonly Fault[]): readonly Fault[] => {
  const unknown = new Map<string, string[]>();
  for (const fault of faults) {
    const key = offendingKey(fault);
    if (key === null) continue;
    const place = JSON.stringify(fault.path);
    unknown.set(place, [...(unknown.get(place) ?? []), key].slice(0, MOST_BESIDE));
  }
  const isMisspelt = (missing: Fault): boolean => (unknown.get(JSON.stringify(missing.path)) ?? []).some((key) => isMeant(key, missing));
  return faults.filter((fault) => fault.keyword !== 'required' || !isMisspelt(fault));
};

const isMeant = (key: string, missing: Fault): boolean => {
  const wanted = parameter(missing, 'missingProperty');
  return nearest(key, [wanted]) !== null || renamed(String(missing.path[0]), key) === wanted;
};

/** Unknown keys of a mapping that are compared with its missing ones. */
const MOST_BESIDE = 20;
