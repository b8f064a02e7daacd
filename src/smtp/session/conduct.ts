import type { Limits } from '../limits.ts';
import type { SmtpSession } from './session.ts';

/*
 * `limits.errors` is for clients that do not speak SMTP. Refused recipients are different: in a list of one good
 * address and many dead ones, the good one must get its mail wherever it stands in the list. So refused recipients
 * are counted separately. Once they exceed `errors` plus the accepted recipients, each costs a second, which limits
 * address guessing to one per second. The session ends only after ten times `errors` without an accepted recipient.
 */

/** Milliseconds. */
const DELAY = 1000;

/** Refused recipients, as a multiple of `errors`, of a session without an accepted recipient. */
const GUESSES = 10;

const KILOBYTE = 1024;

/** What the relay does about a refusal besides sending it. */
export type Consequence = { readonly kind: 'none' } | { readonly kind: 'wait'; readonly milliseconds: number } | { readonly kind: 'end' };

const NONE: Consequence = { kind: 'none' };
const END: Consequence = { kind: 'end' };
const WAIT: Consequence = { kind: 'wait', milliseconds: DELAY };

/** Commands that must fail if the one before them did; a pipelining client has already sent them (RFC 2920 3.1). */
const FOLLOWING: ReadonlySet<string> = new Set(['RCPT', 'DATA', 'BDAT']);

/** What a client has done wrong since its last accepted message. */
export class Conduct {
  #errors = 0;
  #refused = 0;
  /** The most recipients that any transaction of the session has had. */
  #granted = 0;
  /** MAIL or a recipient was refused. Without an accepted recipient, the rest of the transaction can only fail. */
  #failing = false;
  #commands = 0;
  #hasBroughtMail = false;

  get hasBroughtMail(): boolean {
    return this.#hasBroughtMail;
  }

  /** The client has made an error. */
  get hasErred(): boolean {
    return this.#errors > 0;
  }

  /** A message was accepted: earlier errors no longer count. */
  taken(): void {
    this.#errors = 0;
    this.#refused = 0;
    this.#commands = 0;
    this.#hasBroughtMail = true;
  }

  /** False: too many commands without a message. */
  mayCommand({ commands, recipients }: Pick<Limits, 'commands' | 'recipients'>): boolean {
    return ++this.#commands <= commands + recipients;
  }

  /** A kilobyte of message makes up for one command, since each BDAT chunk is a command (RFC 3030). */
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
