import type { Json } from '../../json.ts';
import type { Path } from '../../syntax.ts';
import type { Fault } from '../fault.ts';

/** What to write instead of a value that does not fit, for one kind of mistake; `null` for any other. */
export type Meant = (fault: Fault, data: Json) => string | null;

/** The key that a value belongs to. */
export const keyOf = (path: Path): string => String(path.at(-1) ?? '');
