import type { Limits } from '../limits.ts';
import type { SmtpSession } from './session.ts';

/*
 * `limits.errors` is about clients that do not speak SMTP. A refused recipient says nothing of the kind: of a list
 * with one good address and many that are gone, the good one must arrive, wherever in the list it stands. So refused
 * recipients count apart. Beyond as many as `errors` and the recipients that were taken, each waits a second: who
 * guesses addresses learns one per second. A session ends only if no recipient was accepted, after ten times `errors`.
 */

/** Milliseconds. */
const DELAY = 1000;

/** Refused recipients, as a multiple of `errors`, of a session without an accepted recipient. */
const GUESSES = 10;

const KILOBYTE = 1024;

/** What the relay does about a refusal, beside saying it. */
export type Consequence = { readonly kind: 'none' } | { readonly kind: 'wait'; readonly milliseconds: number } | { readonly kind: 'end' };

const NONE: Consequence = { kind: 'none' };
const END: Consequence = { kind: 'end' };
const WAIT: Consequence = { kind: 'wait', milliseconds: DELAY };

/** Commands that must fail where the one before them did; who pipelines has sent them already (RFC 2920 3.1). */
const FOLLOWING: ReadonlySet<string> = new Set(['RCPT', 'DATA', 'BDAT']);

/** What a client has done wrong since the last message of its that was taken. */
export class Conduct {
  #errors = 0;
  #refused = 0;
  /** The most recipients that a transaction of the session has had. */
  #granted = 0;
  /** MAIL or a recipient was refused. Without a recipient that was taken, what belongs to the transaction can only fail. */
  #failing = false;
  #commands = 0;
  #hasBroughtMail = false;

  get hasBroughtMail(): boolean {
    return this.#hasBroughtMail;
  }

  /** Something was wrong with what it said. */
  get hasErred(): boolean {
    return this.#errors > 0;
  }

  /** A message was taken: what was before is forgiven. */
  taken(): void {
    this.#errors = 0;
    this.#refused = 0;
    this.#commands = 0;
    this.#hasBroughtMail = true;
  }

  /** False: it goes on and on without bringing a message. */
  mayCommand({ commands, recipients }: Pick<Limits, 'commands' | 'recipients'>): boolean {
    return ++this.#commands <= commands + recipients;
  }

  /** A kilobyte of message makes up for a command: a chunk is one (RFC 3030). */
  brought(bytes: number): void {
    this.#commands = Math.max(0, this.#commands - bytes / KILOBYTE);
  }

  /** The reply to the command under way; `errors` is the limit. */
  answered({ command: { verb }, transaction }: SmtpSession, code: number, errors: number): Consequence {
    const recipients = transaction?.recipientCount ?? 0;
    this.#granted = Math.max(this.#granted, recipients);
    const follows = this.#failing && recipients === 0 && FOLLOWING.has(verb);
    this.#failing = follows || (code >= 400 && (verb === 'MAIL' || (verb === 'RCPT' && transaction !== null)));
    if (code < 500) return NONE;
    if (verb === 'RCPT' && transaction !== null) return this.#refusedRecipient(errors);
    return follows || ++this.#errors <= errors ? NONE : END;
  }

  #refusedRecipient(errors: number): Consequence {
    this.#refused++;
    if (this.#granted === 0 && this.#refused > errors * GUESSES) return END;
    return this.#refused > errors + this.#granted ? WAIT : NONE;
  }
}
