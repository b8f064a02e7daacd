import type { Outcome } from '../../transaction/outcome.ts';
import type { SimulatedHook, Simulation } from '../simulation/simulation.ts';

/** What becomes of a message for one recipient. */
export interface Fate {
  /** Empty where the session does not say. */
  readonly recipient: string;
  readonly end: 'accepted' | 'deferred' | 'refused' | 'quarantined' | 'discarded';
  /** Full name of the rule or grant, or what else decided; empty where nobody did. */
  readonly by: string;
  /** No grant held, and that is why it was stopped. */
  readonly denied: boolean;
  readonly reply: string;
}

const ACCEPTED = { end: 'accepted', by: '', denied: false, reply: '250' } as const;

const endOf = (outcome: Outcome, by: string): Omit<Fate, 'recipient'> => {
  switch (outcome.kind) {
    case 'go on':
      return { ...ACCEPTED, by };
    case 'discard':
      return { end: 'discarded', by, denied: false, reply: '250' };
    case 'quarantine':
      return { end: 'quarantined', by, denied: false, reply: '250' };
    case 'refuse': {
      const { code, enhanced, text } = outcome.reply;
      const end = code >= 500 ? 'refused' : 'deferred';
      return { end, by: outcome.by, denied: outcome.by === 'grants', reply: `${code} ${enhanced} ${text}` };
    }
  }
};

const byOf = ({ decision }: SimulatedHook): string => (decision.verdict === 'none' ? '' : decision.by);

const atStep = (step: SimulatedHook): Omit<Fate, 'recipient'> => endOf(step.outcome, byOf(step));

/** Mail that is in the queue already is stopped at `get_mx`, if anywhere. */
const delivered = ({ steps }: Simulation): readonly Fate[] =>
  steps.filter(({ hook }) => hook === 'get_mx').map((step) => ({ recipient: step.recipient ?? '', ...atStep(step) }));

/** The end of a message for each recipient that the client named, in their order; one fate without a recipient where it got no further. */
export const fatesOf = (simulation: Simulation): readonly Fate[] => {
  const { recipients, refusal, queued } = simulation;
  const whole = refusal !== null && refusal.hook !== 'rcpt' ? atStep(refusal) : null;
  if (recipients.length === 0) {
    if (whole !== null) return [{ recipient: '', ...whole }];
    return queued === null ? [] : delivered(simulation);
  }
  return recipients.map(({ recipient, refusal: own, by }): Fate => {
    const end = own !== null ? endOf(own, by) : (whole ?? { ...ACCEPTED, by });
    return { recipient: recipient ?? '', ...end };
  });
};
