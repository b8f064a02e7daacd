import { findFact, isFamily, knownAt } from '../../policy/facts/find.ts';
import { facts } from '../../policy/facts/index.ts';
import type { Hook } from '../../policy/hook.ts';
import type { NameKind } from './occurrences.ts';
import type { SiteNames } from './site-names.ts';

/** Every name of this kind that the site has, each once, in order. */
export const namesOf = ({ occurrences }: SiteNames, kind: NameKind): readonly string[] =>
  [...new Set(occurrences.flatMap((one) => (one.kind === kind ? [one.name] : [])))].sort();

/** Members of families that the site has: headers that it names, results that it sets, DNS lists that it configures. */
export const familyMembers = (names: SiteNames): readonly string[] => [
  ...namesOf(names, 'header').map((header) => `header.${header.toLowerCase()}`),
  ...namesOf(names, 'result').map((result) => `result.${result}`),
  ...[...names.dnsLists.keys()].map((list) => `dnsbl.${list}`),
];

/** Facts that a hook knows; all of them where there is no hook. */
export const factsAt = (names: SiteNames, hook: Hook | null): readonly string[] => {
  const single = [...facts.values()].filter((fact) => !isFamily(fact)).map(({ name }) => name);
  return [...new Set([...single, ...familyMembers(names)])].filter((name) => {
    const definition = findFact(name);
    return definition !== null && (hook === null || knownAt(definition, hook));
  });
};
