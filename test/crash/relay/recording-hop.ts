import { type NextHop, nextHop } from '../../kit/next-hop.ts';
import type { Account } from './account.ts';
import { addressed } from './sample.ts';

const addressOf = (command: string): string => /<(.*?)>/.exec(command)?.[1] ?? '';

/** While it is not open, every recipient is deferred. */
export interface Acceptance {
  open: boolean;
}

/** A next hop that treats each recipient as its address says, and enters into the account what it is about to answer 250. */
export const recordingHop = async (account: Account, acceptance: Acceptance = { open: true }): Promise<NextHop> => {
  const tried = new Set<string>();
  const atRecipient = (address: string): string | undefined => {
    if (!acceptance.open) return '450 4.2.0 nobody in';
    const fate = addressed(address)?.fate;
    if (fate === 'no') return '550 5.1.1 nobody of that name';
    if (fate !== 'later' || tried.has(address)) return undefined;
    tried.add(address);
    return '450 4.2.1 come again';
  };
  const hop: NextHop = await nextHop({
    script: (step, text) => {
      if (step === 'rcpt') return atRecipient(addressOf(text));
      const last = step === 'dot' ? hop.received.at(-1) : undefined;
      if (last) account.arrived(last.rcpt.map(addressOf), last.content);
      return undefined;
    },
  });
  return hop;
};
