import type { Json, JsonObject } from '../../json.ts';
import type { Fault } from '../fault.ts';

/** A value on its way through a schema: where it stands in the document, and where faults go. */
export interface Visit {
  readonly path: (string | number)[];
  /** `null`: it matters only whether there is one. */
  readonly faults: Fault[] | null;
}

/** True if the value fits; what is wrong with it is added to the faults of the visit. */
export type Check = (value: Json, visit: Visit) => boolean;

/** Where a keyword stands. */
export interface Place {
  /** The schema that holds the keyword. */
  readonly schema: JsonObject;
  /** The check of another schema: of a part of this one, or the one that a `$ref` names. */
  readonly checkOf: (schema: Json) => Check;
  readonly referred: (reference: string) => Json;
}

/** Makes the check of one keyword; `null`: it is only there for people and editors. */
export type Keyword = (operand: Json, place: Place) => Check | null;

interface Complaint extends Pick<Fault, 'keyword' | 'schema' | 'data'> {
  readonly message?: string;
  readonly parameters?: Fault['parameters'];
}

/** Notes a fault at the place of the visit. False, as the value does not fit. */
export const complain = ({ path, faults }: Visit, complaint: Complaint): false => {
  faults?.push({ message: 'does not fit', parameters: {}, ...complaint, path: [...path] });
  return false;
};

/** Goes one step further into the value. */
export const within = (visit: Visit, step: string | number, check: (visit: Visit) => boolean): boolean => {
  visit.path.push(step);
  const fit = check(visit);
  visit.path.pop();
  return fit;
};

/** All of them are asked, unless it is only asked whether there is a fault. */
export const all = <Part>(parts: Iterable<Part>, visit: Visit, check: (part: Part) => boolean): boolean => {
  let fit = true;
  for (const part of parts) {
    fit = check(part) && fit;
    if (!fit && visit.faults === null) return false;
  }
  return fit;
};
