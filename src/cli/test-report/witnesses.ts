import type { Witness, Witnesses } from '../../site/testing/witness/find.ts';
import { testsAsYaml } from '../../site/testing/written-test.ts';

const byPolicy = (found: readonly Witness[]): ReadonlyMap<string, readonly Witness[]> =>
  new Map(found.map(({ policy }) => [policy, found.filter((one) => one.policy === policy)]));

/** Tests to be put into the policies, in YAML. */
export const witnessLines = ({ found, notFound }: Witnesses): readonly string[] => [
  ...[...byPolicy(found)].flatMap(([policy, all]) => ['', `# for ${policy}`, testsAsYaml(all.map(({ test }) => test)).trimEnd()]),
  ...(notFound.length > 0 ? ['', '# no session was found in which', ...notFound.map((one) => `#   ${one}`)] : []),
];
