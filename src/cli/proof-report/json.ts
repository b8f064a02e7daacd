import type { Proof } from '../../site/proof/proof.ts';

/** All that is known, for scripts. */
export const jsonProofs = (proofs: readonly Proof[]): string => {
  const said = proofs.map(({ session, of, ...proof }) => ({
    ...proof,
    ...(of === '' ? {} : { of }),
    ...(session === null
      ? {}
      : { given: Object.fromEntries([...session].map(([fact, value]) => [fact, value === null ? 'absent' : value])) }),
  }));
  return `${JSON.stringify({ proofs: said }, null, 2)}\n`;
};
