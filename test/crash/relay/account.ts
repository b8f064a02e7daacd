import { addressed, contentOf, recipientsOf } from './sample.ts';

export interface Findings {
  /** Messages answered 250, and their recipients. */
  readonly promised: number;
  readonly recipients: number;
  readonly lost: readonly string[];
  /** Arrived with other bytes than were sent. */
  readonly altered: readonly string[];
  /** Arrived once more after the relay had logged the delivery, which it does when it is durable. */
  readonly again: readonly string[];
  /** Reported as failed though the next hop never refused them for good. */
  readonly wronged: readonly string[];
  /** Replies with 5xx. */
  readonly refusals: readonly string[];
  /** Arrivals beyond the first, of recipients and of reports. */
  readonly copies: number;
}

/** The book of a relay's promises: what it answered to its clients, and what came out behind it. */
export class Account {
  readonly #promised = new Set<string>();
  readonly #arrivals = new Map<string, number>();
  readonly #reports = new Map<string, number>();
  readonly #recorded = new Set<string>();
  readonly #unrecorded = new Set<string>();
  readonly #altered: string[] = [];
  readonly #again: string[] = [];
  readonly #refusals: string[] = [];
  /** 4xx by their first eight characters. */
  readonly deferrals = new Map<string, number>();
  copies = 0;
  onPromise: () => void = () => undefined;

  /** The reply to a message, or to the command that ended its transaction. */
  answered(id: string, reply: string): void {
    if (reply.startsWith('250')) {
      this.#promised.add(id);
      this.onPromise();
    } else if (reply.startsWith('5')) this.#refusals.push(reply);
    else this.deferrals.set(reply.slice(0, 9), (this.deferrals.get(reply.slice(0, 9)) ?? 0) + 1);
  }

  /** The next hop has all of a message and is about to say 250. */
  arrived(recipients: readonly string[], content: Buffer): void {
    for (const address of recipients) {
      const about = addressed(address);
      if (!about) this.#reported(content);
      else if (!content.subarray(-contentOf(about.id).length).equals(contentOf(about.id))) this.#altered.push(address);
      else this.#count(this.#arrivals, address);
    }
  }

  #reported(content: Buffer): void {
    for (const [, address = ''] of content.toString('latin1').matchAll(/^Final-Recipient: rfc822; ?(\S+)/gim))
      this.#count(this.#reports, address);
  }

  #count(where: Map<string, number>, address: string): void {
    const before = where.get(address) ?? 0;
    where.set(address, before + 1);
    this.#unrecorded.add(address);
    if (before > 0) this.copies++;
    if (before > 0 && this.#recorded.has(address)) this.#again.push(address);
  }

  /** The relay said that it has recorded what became of this recipient. */
  recorded(address: string): void {
    for (const settled of addressed(address) ? [address] : reportedTo(address)) {
      this.#recorded.add(settled);
      this.#unrecorded.delete(settled);
    }
  }

  isRecorded(address: string): boolean {
    return this.#recorded.has(address);
  }

  /** What has arrived in a life of the relay that is over now, and was not known to be recorded: it may arrive once more. */
  lifeEnded(): number {
    const { size } = this.#unrecorded;
    this.#unrecorded.clear();
    return size;
  }

  /** Recipients that were promised and of which nothing was heard yet. */
  *open(): Generator<string> {
    for (const id of this.#promised) for (const address of recipientsOf(id)) if (!this.isSettled(address)) yield address;
  }

  /** Recipients that arrived or were reported. */
  settled(): string[] {
    return [...this.#arrivals.keys(), ...this.#reports.keys()];
  }

  isSettled(address: string): boolean {
    return (addressed(address)?.fate === 'no' ? this.#reports : this.#arrivals).has(address);
  }

  get promised(): number {
    return this.#promised.size;
  }

  findings(): Findings {
    const wronged = [...this.#reports.keys()].filter((address) => addressed(address)?.fate !== 'no');
    let recipients = 0;
    for (const id of this.#promised) recipients += recipientsOf(id).length;
    return {
      promised: this.promised,
      recipients,
      lost: [...this.open()],
      altered: this.#altered,
      again: this.#again,
      wronged,
      refusals: this.#refusals,
      copies: this.copies,
    };
  }
}

/** Recipients whose failure is told to this sender. */
const reportedTo = (sender: string): readonly string[] =>
  recipientsOf(sender.split('.')[1]?.split('@')[0] ?? '').filter((address) => addressed(address)?.fate === 'no');

/** Whether all promises were kept. */
export const isFine = ({ lost, altered, again, wronged, refusals }: Findings): boolean =>
  lost.length + altered.length + again.length + wronged.length + refusals.length === 0;
