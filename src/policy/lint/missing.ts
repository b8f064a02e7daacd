import type { LeftOut, PolicyFile } from '../syntax.ts';
import type { LintedSite } from './check.ts';

/** `mayMiss` of a site. `complete`: all files were read, except for parts with a fault. */
export const missingParts = (files: readonly PolicyFile[], complete: boolean): LintedSite['mayMiss'] => {
  const names = new Map<LeftOut['section'], Set<string | null>>();
  for (const { section, name } of files.flatMap((file) => file.leftOut)) names.set(section, (names.get(section) ?? new Set()).add(name));
  return (section, name) => {
    const missing = names.get(section);
    if (!complete || missing === undefined) return !complete;
    return name === undefined || missing.has(null) || missing.has(name) || missing.has(idOf(name));
  };
};

/** A grant, rule or route is known by its id and by its full name. */
const idOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
