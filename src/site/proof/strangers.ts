import { compileEntries } from '../../policy/lists/compile.ts';
import { lists as listTypes } from '../../policy/lists/index.ts';
import type { Atom } from '../../policy/proof/atoms.ts';
import { type Formula, isTrue, type Proposition } from '../../policy/proof/formula.ts';
import { isUnnamed, namesNetworks, namesRecipients, narrowNetworks } from './naming.ts';
import { AT_RCPT, type Prover } from './prover.ts';

/** A grant with what it says. */
export interface Granting {
  readonly name: string;
  readonly holds: Formula;
}

/** What the site's grants say, and who is a stranger to all of them. */
export class Strangers {
  readonly grants: readonly Granting[];
  readonly #prover: Prover;
  readonly #selecting: readonly Atom[];

  constructor(prover: Prover) {
    this.#prover = prover;
    const { atoms, rules, site } = prover;
    this.grants = site.files
      .flatMap((file) => file.grants)
      .map((grant) => ({ name: grant.name, holds: atoms.when(rules.grant(grant), 'true') }));
    const positive = new Set(this.grants.flatMap(({ holds }) => positiveAtoms(holds)));
    this.#selecting = [...positive].flatMap((number) => atoms.all[number] ?? []);
  }

  /** In no network that a grant names, not logged in, without a certificate that is known. */
  get clients(): readonly Formula[] {
    const { atoms, entries } = this.#prover;
    const networks = this.#selecting.filter((atom) => namesNetworks(atom, entries));
    const wide = this.#selecting.filter((atom) => !networks.includes(atom)).flatMap((atom) => narrowNetworks(atom, entries));
    const prints = this.#selecting.filter(({ fact, use }) => fact === 'tls.client_fingerprint' && /^(?:eq|in)$/.test(use?.operator ?? ''));
    const absent = ['auth.user', 'auth.method', 'tls.client_subject'].map((fact): Proposition => atoms.present(fact, AT_RCPT));
    return [
      ...[...networks, ...prints].map(({ number }) => isTrue(number, false)),
      ...absent.map((one) => atoms.when(one, 'false')),
      ...(wide.length === 0 ? [] : [isTrue(atoms.own('outside', 'client.ip', outsideOf(wide)).number)]),
    ];
  }

  /** At a domain that no grant names, by itself or with its user. */
  get recipients(): readonly Formula[] {
    const { atoms, entries, site } = this.#prover;
    const about = this.#selecting.filter(({ root }) => root === 'recipient.address');
    const typeOf = ({ use }: Atom): string | undefined => site.policy.lists.get(String(use?.operand.value))?.type;
    const naming = about.filter((atom) => namesRecipients(atom, entries, atom.use?.operator === 'in' ? typeOf(atom) : undefined));
    const others = about.filter((atom) => !naming.includes(atom));
    const unnamed = atoms.own('unnamed', 'recipient.address', (value) => isUnnamed(value, others));
    return [...naming.map(({ number }) => isTrue(number, false)), isTrue(unnamed.number)];
  }
}

const outsideOf = (networks: readonly string[]): Atom['truth'] => {
  const cidr = listTypes.get('cidr');
  const inside = cidr === undefined ? null : compileEntries(cidr, networks).membership;
  return (address) => typeof address !== 'string' || inside === null || !inside.has(address);
};

/** Atoms that have to be true, in some way at least, for the formula to hold. */
export const positiveAtoms = (formula: Formula): readonly number[] => {
  if (formula.is !== 'literal') return formula.parts.flatMap(positiveAtoms);
  return formula.holds && formula.variable % 2 === 0 ? [formula.variable / 2] : [];
};
