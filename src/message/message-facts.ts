import type { SessionFacts } from '../policy/decide/session.ts';
import type { ReceivedMessage } from './incoming.ts';

/** States the facts of a received message for the transaction: `message.size` and the family `header.<name>`. */
export const provideMessage = (facts: SessionFacts, message: ReceivedMessage): void => {
  facts.set('transaction', 'message.size', message.size);
  facts.provide('transaction', 'header', (name) => {
    const values = message.header.values(name);
    return values.length > 0 ? values : null;
  });
};
