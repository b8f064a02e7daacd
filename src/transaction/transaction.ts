import type { ReceivedMessage } from '../message/incoming.ts';
import type { Policy } from '../policy/compile/policy.ts';
import { normalAddress } from '../policy/mailbox.ts';
import type { FactSource } from '../policy/value.ts';
import type { Envelope } from '../queue/message.ts';
import type { AcceptedRecipient } from './settings.ts';

/** The parameters of MAIL. `size` is bytes, `null` when not declared. */
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

/** The envelope of one message while it is being built, and the policy it is evaluated under. */
export class Transaction {
  /** `<connection>.<n>` */
  readonly id: string;
  readonly policy: Policy;
  readonly parameters: MailParameters;
  sender: string;
  message: ReceivedMessage | null = null;
  /** The client has got the final reply for the message. */
  isAnswered = false;
  /** Facts as of the last RCPT, once rules have set more: message content must not produce a grant. */
  envelopeFacts: FactSource | null = null;
  /** The queue id, set at the end of the message. */
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

  /** A recipient named twice, in any spelling, gets the message once; the last RCPT counts. */
  add(recipient: AcceptedRecipient): void {
    this.#recipients.set(normalAddress(recipient.address), recipient);
  }

  /** The message goes to these recipients only. */
  replaceRecipients(recipients: readonly AcceptedRecipient[]): void {
    this.#recipients = new Map();
    for (const recipient of recipients) this.add(recipient);
  }
}
