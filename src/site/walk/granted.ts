/** A recipient the message goes to; `address` is `null` where the script says nothing of it. */
export interface Granted {
  readonly address: string | null;
  /** Of the grant, or of the rule that added the recipient. */
  readonly grant: string | null;
}

/** Who gets the message of a walk. A recipient named twice, in whatever case, gets it once. */
export class GrantedRecipients {
  readonly #recipients = new Map<string, Granted>();

  get all(): readonly Granted[] {
    return [...this.#recipients.values()];
  }

  get count(): number {
    return this.#recipients.size;
  }

  get addresses(): readonly string[] {
    return this.all.flatMap(({ address }) => address ?? []);
  }

  get grants(): readonly string[] {
    return [...new Set(this.all.flatMap(({ grant }) => grant ?? []))];
  }

  /** What was said last holds. */
  add(recipient: Granted): void {
    this.#recipients.set(keyOf(recipient), recipient);
  }

  /** Only who is not among them yet. */
  addNew(recipient: Granted): void {
    if (!this.#recipients.has(keyOf(recipient))) this.add(recipient);
  }

  clear(): void {
    this.#recipients.clear();
  }
}

const keyOf = ({ address }: Granted): string => address?.toLowerCase() ?? '';
