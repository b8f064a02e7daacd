import type { ReceivedMessage } from '../message/incoming.ts';
import type { Policy } from '../policy/compile/policy.ts';
import { normalAddress } from '../policy/mailbox.ts';
import type { FactSource } from '../policy/value.ts';
import type { Envelope } from '../queue/message.ts';
import type { AcceptedRecipient } from './settings.ts';

/** What MAIL says beside the address. `size` is bytes, `null` when not declared. */
export interface MailParameters {
  readonly size: number | null;
  readonly body: Envelope['body'];
  readonly smtputf8: boolean;
  readonly ret?: 'full' | 'headers';
  readonly envid?: string;
}

export interface TransactionStart {
  /** Empty for the null sender. */
  readonly sender: string;
  readonly parameters: MailParameters;
}

/** One message's envelope while it is being agreed upon, and the policy it is evaluated by. */
export class Transaction {
  /** `<connection>.<n>` */
  readonly id: string;
  readonly policy: Policy;
  readonly parameters: MailParameters;
  sender: string;
  message: ReceivedMessage | null = null;
  /** The client has heard what becomes of the message. */
  isAnswered = false;
  /** Facts as they stood at the last RCPT, once rules have set more: what came with the message makes no grant. */
  envelopeFacts: FactSource | null = null;
  /** Of the message in the queue, from its end on. */
  queueId: string | null = null;
  #recipients = new Map<string, AcceptedRecipient>();

  constructor(id: string, policy: Policy, start: TransactionStart) {
    this.id = id;
    this.policy = policy;
    this.sender = start.sender;
    this.parameters = start.parameters;
  }

  get recipients(): readonly AcceptedRecipient[] {
    return [...this.#recipients.values()];
  }

  get recipientCount(): number {
    return this.#recipients.size;
  }

  has(address: string): boolean {
    return this.#recipients.has(normalAddress(address));
  }

  /** A recipient named twice, in whatever spelling, gets the message once; what was said last holds. */
  add(recipient: AcceptedRecipient): void {
    this.#recipients.set(normalAddress(recipient.address), recipient);
  }

  /** The message goes to these and to nobody else. */
  replaceRecipients(recipients: readonly AcceptedRecipient[]): void {
    this.#recipients = new Map();
    for (const recipient of recipients) this.add(recipient);
  }
}
