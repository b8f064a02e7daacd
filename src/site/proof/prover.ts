import { type Atom, Atoms, type Place } from '../../policy/proof/atoms.ts';
import { anyOf, type Formula, type Literal, type Proposition } from '../../policy/proof/formula.ts';
import { mayBeUnknown } from '../../policy/proof/roots.ts';
import { type Assignment, Budget, search } from '../../policy/proof/search.ts';
import { answered, demandsOf } from '../../policy/proof/theory.ts';
import type { Knowledge } from '../../policy/proof/values.ts';
import { Effort } from '../../policy/reason/samples.ts';
import type { FactValue } from '../../policy/value.ts';
import type { Site } from '../loading/load.ts';
import { saidAt } from '../simulation/said.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { RuleFormulas } from './rule-formulas.ts';
import { plainSession, replay, type Session, shortened } from './witness.ts';

/*
 * Asks whether a session can be as formulas say and come to something. What is found without the rules is replayed through the relay's
 * own judge. Where a rule refuses it, what the rule says becomes a formula too, and the search goes on: so only the rules that
 * matter are reasoned about, and no session is shown that did not happen.
 */

export interface Question {
  /** What is true of every session in question. */
  readonly formulas: readonly Formula[];
  readonly happened: (simulation: Simulation) => boolean;
}

export type Answer =
  /** No session: in none does it happen. */
  | { readonly found: 'none' }
  /** Facts of one in which it happens. */
  | { readonly found: 'session'; readonly session: Session }
  | { readonly found: 'undecided'; readonly why: readonly string[] };

export const AT_RCPT: Place = { by: '', timeOf: () => '' };

/** Sessions that are tried for one question, and those of them that did not come to what was expected. */
const MOST_TRIED = 80;
const MOST_ASTRAY = 12;

const STEPS = 3_000_000;

/** What reading values off patterns may take, for all questions together. */
const EFFORT = 2_000_000;

/** Facts of which a session says nothing when no proxy tells of the client. */
const FROM_PROXY: ReadonlySet<string> = new Set(['client.ip', 'client.port', 'server.ip', 'server.port']);

/** What is needed to reason about one site. */
export class Prover {
  readonly site: Site;
  readonly atoms: Atoms;
  readonly rules: RuleFormulas;
  readonly knowledge: Knowledge;
  /** Of `performance.now()`: nothing is decided any more behind it. */
  readonly #until: number;

  constructor(site: Site, milliseconds: number) {
    this.site = site;
    this.#until = performance.now() + milliseconds;
    const { proxyProtocol } = site.config;
    this.atoms = new Atoms(site.policy.lists, (root) => mayBeUnknown(root) || (proxyProtocol.length > 0 && FROM_PROXY.has(root)));
    this.rules = new RuleFormulas(site.files, this.atoms);
    const lists = site.files.flatMap((file) => file.lists);
    this.knowledge = {
      entries: new Map(lists.map(({ name, entries }) => [name, entries.map(({ text }) => text)])),
      small: new Map([...site.policy.lists].filter(([, { entries }]) => entries !== undefined)),
      usual: usualValues(site),
      effort: new Effort(EFFORT),
    };
  }

  get entries(): Knowledge['entries'] {
    return this.knowledge.entries;
  }

  async ask(question: Question): Promise<Answer> {
    const asking = new Asking(question, this);
    for (let tried = 0; tried < MOST_TRIED && !asking.isOver; tried += 1) {
      const answer = await asking.next(this.knowledge, new Budget(STEPS, this.#until));
      if (answer !== null) return answer;
    }
    return { found: 'undecided', why: [...asking.astray, 'too many sessions would have to be tried'] };
  }
}

/** One question, and what was learnt on the way. */
class Asking {
  readonly #question: Question;
  readonly #prover: Prover;
  readonly #formulas: Formula[];
  readonly #rules = new Set<string>();
  /** Why what is left cannot be told apart any more. */
  readonly astray: string[] = [];

  constructor(question: Question, prover: Prover) {
    this.#question = question;
    this.#prover = prover;
    this.#formulas = [...question.formulas];
  }

  get isOver(): boolean {
    return this.astray.length >= MOST_ASTRAY;
  }

  /** `null`: ask again. */
  async next(knowledge: Knowledge, budget: Budget): Promise<Answer | null> {
    const { atoms } = this.#prover;
    const values = new Map<string, FactValue>();
    const theory = (assignment: Assignment): readonly Literal[] | null => {
      values.clear();
      for (const demand of demandsOf(assignment, atoms)) {
        const answer = answered(demand, knowledge, atoms.mayBeUnknown);
        if (answer !== undefined && 'conflict' in answer) return answer.conflict;
        if (answer !== undefined && (demand.time === '' || !values.has(demand.root))) values.set(demand.root, answer.value);
      }
      return null;
    };
    const model = search([...this.#formulas, ...axioms(atoms)], theory, budget);
    if (model === undefined) return { found: 'undecided', why: [...new Set([...this.astray, 'it takes too long'])] };
    if (model === null) return this.astray.length === 0 ? { found: 'none' } : { found: 'undecided', why: [...new Set(this.astray)] };
    return this.#replayed(model, plainSession(values));
  }

  async #replayed(model: Assignment, session: Session): Promise<Answer | null> {
    const { site } = this.#prover;
    const { happened } = this.#question;
    const simulation = await replay(site, session);
    if (happened(simulation) && this.#isAsAsked(session)) {
      return { found: 'session', session: await shortened(site, session, happened, this.#asked()) };
    }
    if (!this.#learnsFrom(simulation)) this.#leaveOut(model, simulation);
    return null;
  }

  /** What a rule says that stands in the way, unless that is known already. */
  #learnsFrom({ refusal }: Simulation): boolean {
    const by = refusal === null ? '' : saidAt(refusal).by;
    const rule = this.#prover.rules.find(by);
    if (rule === undefined || this.#rules.has(by)) return false;
    this.#rules.add(by);
    const spared = this.#prover.rules.spared(rule);
    if (spared === null) return false;
    this.#formulas.push(spared);
    return true;
  }

  /** Goes on without this model, and without any certainty that there is no session. */
  #leaveOut(model: Assignment, { refusal }: Simulation): void {
    const free = [...model].flatMap(([variable, holds]) => {
      const atom = this.#prover.atoms.all[variable >> 1];
      return holds && atom?.root === null ? [atomText(atom)] : [];
    });
    const by = refusal === null ? '' : ` ${saidAt(refusal).by}`;
    this.astray.push(
      free.length > 0 ? `depends on ${[...new Set(free)].join(', ')}` : `a session could not be made up for it:${by} decides otherwise`,
    );
    this.#formulas.push(anyOf([...model].map(([variable, holds]): Literal => ({ is: 'literal', variable, holds: !holds }))));
  }

  /** The session is as the question says: nothing is shown that a guess of ours has spoilt. */
  #isAsAsked(session: Session): boolean {
    const { atoms } = this.#prover;
    const truth = (formula: Formula): boolean => {
      if (formula.is !== 'literal') return formula.is === 'any' ? formula.parts.some(truth) : formula.parts.every(truth);
      const atom = atoms.all[formula.variable >> 1];
      if (atom === undefined || atom.root === null || atom.time !== '') return true;
      if (!session.has(atom.root)) return false;
      return (atom.truth(session.get(atom.root) ?? null) === (formula.variable % 2 === 0)) === formula.holds;
    };
    return this.#question.formulas.every(truth);
  }

  /** Facts that the question is about. */
  #asked(): ReadonlySet<string> {
    const roots = new Set<string>();
    const note = (formula: Formula): void => {
      if (formula.is !== 'literal') for (const part of formula.parts) note(part);
      else roots.add(this.#prover.atoms.all[formula.variable >> 1]?.root ?? '');
    };
    for (const formula of this.#question.formulas) note(formula);
    return roots;
  }
}

const usualValues = ({ config }: Site): Knowledge['usual'] =>
  new Map<string, readonly FactValue[]>([
    ['client.ip', ['203.0.113.9', '198.51.100.23', '2001:db8:ffff::9']],
    ['sender.address', ['a@example.net', 'b@elsewhere.example', null]],
    ['recipient.address', ['c@example.org', 'someone@elsewhere.example']],
    ['helo.name', ['mx.example.net', 'host.elsewhere.example']],
    ['listener', config.listeners.map(({ name }) => name)],
    ['tls.active', [false, true]],
    ['auth.user', [null, 'someone']],
  ]);

/** What is true of every session, of the facts that are asked about. */
const axioms = (atoms: Atoms): readonly Formula[] => {
  const told = atoms.all.length;
  return atoms.all.slice(0, told).flatMap((atom) => {
    const needs = neededBy(atom, atoms);
    return needs === null ? [] : [anyOf([{ is: 'literal', variable: 2 * atom.number, holds: false }, atoms.when(needs, 'true')])];
  });
};

/** Without encryption there is no name of a cipher, and without a login no method. */
const neededBy = ({ root, time }: Atom, atoms: Atoms): Proposition | null => {
  if (root === null || time !== '') return null;
  if (root.startsWith('tls.') && root !== 'tls.active') return atoms.equals('tls.active', true, AT_RCPT);
  return root === 'auth.method' ? atoms.present('auth.user', AT_RCPT) : null;
};

const atomText = ({ fact, use }: Atom): string =>
  use === null ? fact : `${fact}: { ${use.operator}: ${JSON.stringify(use.operand.value)} }`;
