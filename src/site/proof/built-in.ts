import { splitAddress } from '../../policy/mailbox.ts';
import { anyOf, type Formula, isTrue } from '../../policy/proof/formula.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { Proof } from './proof.ts';
import { type Answer, AT_RCPT, type Prover } from './prover.ts';
import type { Strangers } from './strangers.ts';

/* What is proved of every site, without anybody asking for it. */

export interface BuiltIn {
  readonly id: string;
  readonly says: string;
  readonly prove: (prover: Prover, strangers: Strangers) => Promise<readonly Proof[]>;
}

const isTaken = ({ recipients }: Simulation): boolean => recipients.some(({ refusal }) => refusal === null);

const OPEN_RELAY = 'no-open-relay';

const noOpenRelay: BuiltIn = {
  id: OPEN_RELAY,
  says: 'who is in no network that a grant names, has not logged in and shows no known certificate reaches only recipients that a grant names',
  prove: async (prover, strangers) => {
    const { clients, recipients, grants } = strangers;
    const proofs: Proof[] = [];
    for (const { name, holds } of grants) {
      const answer = await prover.ask({ formulas: [...clients, ...recipients, holds], happened: isTaken });
      proofs.push(never(OPEN_RELAY, name, answer));
    }
    return grants.length > 0 ? proofs : [{ id: OPEN_RELAY, of: '', result: 'proved', why: ['there are no grants'], session: null }];
  },
};

const never = (id: string, of: string, answer: Answer): Proof => {
  if (answer.found === 'session')
    return { id, of, result: 'refuted', why: [`${of} lets a stranger write to anybody`], session: answer.session };
  if (answer.found === 'undecided') return { id, of, result: 'undecided', why: answer.why, session: null };
  return { id, of, result: 'proved', why: [], session: null };
};

/** Something has to be possible: a session shows that it is. */
const possible = (id: string, answer: Answer, otherwise: string): readonly Proof[] => {
  if (answer.found === 'session') return [{ id, of: '', result: 'proved', why: ['this session gets through'], session: answer.session }];
  if (answer.found === 'undecided') return [{ id, of: '', result: 'undecided', why: answer.why, session: null }];
  return [{ id, of: '', result: 'refuted', why: [otherwise], session: null }];
};

const anyGrant = ({ grants }: Strangers): Formula => anyOf(grants.map(({ holds }) => holds));

const postmaster: BuiltIn = {
  id: 'postmaster-reachable',
  says: 'a stranger can write to a postmaster (RFC 5321 4.5.1)',
  prove: async (prover, strangers) => {
    const isPostmaster = prover.atoms.own(
      'postmaster',
      'recipient.address',
      (value) => typeof value === 'string' && splitAddress(value).local === 'postmaster',
    );
    const formulas = [isTrue(isPostmaster.number), ...strangers.clients, anyGrant(strangers)];
    return possible('postmaster-reachable', await prover.ask({ formulas, happened: isTaken }), 'no stranger reaches any postmaster');
  },
};

const bounces: BuiltIn = {
  id: 'null-sender-reaches-somebody',
  says: 'a delivery notice from outside, which has no sender, can come in (RFC 5321 4.5.5)',
  prove: async (prover, strangers) => {
    const isNull = prover.atoms.when(prover.atoms.equals('sender.null', true, AT_RCPT), 'true');
    const answer = await prover.ask({ formulas: [isNull, ...strangers.clients, anyGrant(strangers)], happened: isTaken });
    return possible('null-sender-reaches-somebody', answer, 'no stranger gets a message without a sender in');
  },
};

export const BUILT_IN: readonly BuiltIn[] = [noOpenRelay, postmaster, bounces];
