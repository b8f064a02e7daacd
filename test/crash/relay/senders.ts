import { setTimeout as pause } from 'node:timers/promises';
import type { SmtpClient } from '../../kit/smtp-client.ts';
import { introduced, submit } from '../../relay/mail.ts';
import type { Account } from './account.ts';
import { contentOf, recipientsOf, senderOf } from './sample.ts';

/** Clients that send one message after the other, to wherever the relay listens at the time. */
export class Senders {
  readonly #account: Account;
  readonly #name: string;
  readonly #all: readonly Promise<void>[];
  readonly #clients = new Set<SmtpClient>();
  #address: string | null = null;
  #count = 0;
  #over = false;

  constructor(account: Account, { count, name }: { readonly count: number; readonly name: string }) {
    this.#account = account;
    this.#name = name;
    this.#all = Array.from({ length: count }, () => this.#work());
  }

  /** Messages begun. */
  get count(): number {
    return this.#count;
  }

  /** Where to send to; `null` for a while of rest, when what is under way has ended. */
  send(address: string | null): void {
    this.#address = address;
    if (address === null) for (const client of this.#clients) client.destroy();
  }

  /** Ends them all, after the message each is at. */
  async stop(): Promise<void> {
    this.#over = true;
    await Promise.all(this.#all);
  }

  async #work(): Promise<void> {
    while (!this.#over) {
      if (this.#address !== null) await this.#session(this.#address).catch(() => undefined);
      await pause(20);
    }
  }

  async #session(address: string): Promise<void> {
    const client = await introduced(address);
    this.#clients.add(client);
    try {
      while (!this.#over && this.#address === address) await this.#message(client);
    } finally {
      this.#clients.delete(client);
      client.destroy();
    }
  }

  async #message(client: SmtpClient): Promise<void> {
    const id = `${this.#name}${this.#count++}`;
    const mail = { from: senderOf(id), to: recipientsOf(id), message: contentOf(id) };
    const reply = await submit(client, mail);
    this.#account.answered(id, reply);
    if (!reply.startsWith('250')) {
      await client.ask('RSET');
      await pause(50);
    }
    await pause(Math.random() * 20);
  }
}
