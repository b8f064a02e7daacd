import { compileEntries } from '../../policy/lists/compile.ts';
import { lists as listTypes } from '../../policy/lists/index.ts';
import type { Atom } from '../../policy/proof/atoms.ts';
import { type Formula, isTrue, type Proposition } from '../../policy/proof/formula.ts';
import { standingForAll } from '../../policy/proof/values.ts';
import { domainsWithin, isUnnamed, namesNetworks, namesRecipients, narrowNetworks } from './naming.ts';
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
  /** Lists and values with which rules compare are named by the site, too. */
  readonly #askedByRules: readonly Atom[];

  constructor(prover: Prover) {
    this.#prover = prover;
    const { atoms, rules, site } = prover;
    this.grants = site.files
      .flatMap((file) => file.grants)
      .map((grant) => ({ name: grant.name, holds: atoms.when(rules.grant(grant), 'true') }));
    const positive = new Set(this.grants.flatMap(({ holds }) => positiveAtoms(holds)));
    this.#selecting = [...positive].flatMap((number) => atoms.all[number] ?? []);
    const asked = new Set(rules.asked.flatMap(atomsIn));
    this.#askedByRules = [...asked].flatMap((number) => atoms.all[number] ?? []).filter(isSelecting);
  }

  /** In no network that a grant names, not logged in, without a certificate that is known. */
  get clients(): readonly Formula[] {
    const { atoms, entries } = this.#prover;
    const asked = new Set([...this.#selecting, ...this.#askedByRules]);
    const networks = [...asked].filter((atom) => namesNetworks(atom, entries));
    const wide = [...asked].filter((atom) => !networks.includes(atom)).flatMap((atom) => narrowNetworks(atom, entries));
    const prints = this.#selecting.filter((atom) => atom.fact === 'tls.client_fingerprint' && isSelecting(atom));
    const absent = ['auth.user', 'auth.method', 'tls.client_subject'].map((fact): Proposition => atoms.present(fact, AT_RCPT));
    return [
      ...[...networks, ...prints].map(({ number }) => isTrue(number, false)),
      ...absent.map((one) => atoms.when(one, 'false')),
      ...(wide.length === 0 ? [] : [isTrue(atoms.own('outside', 'client.ip', outsideOf(wide)).number)]),
    ];
  }

  /** At a domain that no condition names, by itself or with its user. */
  get recipients(): readonly Formula[] {
    const { atoms, entries } = this.#prover;
    const naming = [...this.#selecting.filter(isAboutRecipient), ...this.#askedByRules.filter(isAboutRecipient)].filter((atom) =>
      this.#names(atom),
    );
    const others = this.#selecting.filter((atom) => isAboutRecipient(atom) && !naming.includes(atom));
    const unnamed = atoms.own('unnamed', 'recipient.address', (value) => isUnnamed(value, others, entries));
    const domain = atoms.when(atoms.present('recipient.domain', AT_RCPT), 'true');
    return [...naming.map(({ number }) => isTrue(number, false)), domain, isTrue(unnamed.number)];
  }

  #names(atom: Atom): boolean {
    const { entries, site } = this.#prover;
    const type = atom.use?.operator === 'in' ? site.policy.lists.get(String(atom.use.operand.value))?.type : undefined;
    return namesRecipients(atom, entries, type) || this.#keepsWithin(atom);
  }

  /** Every text that a pattern matches is at or below a domain that it has in it. */
  #keepsWithin(atom: Atom): boolean {
    if (!/^(?:glob|matches|ends_with)$/.test(atom.use?.operator ?? '')) return false;
    const { atoms, entries, knowledge } = this.#prover;
    const ends = domainsWithin(atom, entries)
      .flatMap((domain) => [`*@${domain}`, `*.${domain}`])
      .map((glob) => atoms.of('recipient.address', 'glob', glob, AT_RCPT));
    const { told, values } = standingForAll('recipient.address', [atom, ...ends], knowledge);
    if (ends.length === 0 || ![atom, ...ends].every((one) => told.has(one))) return false;
    for (const value of values) {
      if (value === undefined) return false;
      if (atom.truth(value) === true && !ends.some((end) => end.truth(value) === true)) return false;
    }
    return true;
  }
}

const isSelecting = ({ use }: Atom): boolean => use?.operator === 'eq' || use?.operator === 'in';

const isAboutRecipient = ({ root }: Atom): boolean => root === 'recipient.address';

const outsideOf = (networks: readonly string[]): Atom['truth'] => {
  const cidr = listTypes.get('cidr');
  const inside = cidr === undefined ? null : compileEntries(cidr, networks).membership;
  return (address) => typeof address !== 'string' || inside === null || !inside.has(address);
};

const atomsIn = (proposition: Proposition): readonly number[] => {
  if (proposition.is === 'atom') return [proposition.atom];
  return proposition.is === 'not' ? atomsIn(proposition.part) : proposition.parts.flatMap(atomsIn);
};

/** Atoms that have to be true, in some way at least, for the formula to hold. */
export const positiveAtoms = (formula: Formula): readonly number[] => {
  if (formula.is !== 'literal') return formula.parts.flatMap(positiveAtoms);
  return formula.holds && formula.variable % 2 === 0 ? [formula.variable / 2] : [];
};
