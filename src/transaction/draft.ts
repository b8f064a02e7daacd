import { isAscii } from 'node:buffer';
import { editHeader, type HeaderEdit } from '../message/edits.ts';
import { withoutForgedResults } from '../message/forged-results.ts';
import { RawHeader } from '../message/header.ts';
import type { ReceivedMessage } from '../message/incoming.ts';
import { asciiHeader } from '../message/seven-bit/ascii-header.ts';
import { isSigned } from '../message/seven-bit/seven-bit.ts';
import { dateTime } from '../message/trace.ts';
import type { Session } from './session.ts';
import type { SignEffect } from './settings.ts';
import type { Transaction } from './transaction.ts';

/** A received message, with the changes rules have made so far. */
export class Draft {
  readonly session: Session;
  readonly transaction: Transaction;
  readonly message: ReceivedMessage;
  readonly signatures: SignEffect[] = [];
  /** Without forged Authentication-Results in our name, which were removed on arrival (RFC 8601 5). */
  header: RawHeader;

  constructor(session: Session, transaction: Transaction, message: ReceivedMessage) {
    this.session = session;
    this.transaction = transaction;
    this.message = message;
    const { settings, listener } = session;
    const arrived = this.#legible(withoutForgedResults(message.header, settings.hostname));
    this.header = listener.addMissingHeaders === true ? this.#completed(arrived) : arrived;
    session.facts.set('transaction', 'message.size', message.size);
    this.#show();
    session.settings.dryRun?.state(session.facts, 'message');
  }

  /** Later rules see the header as edited. */
  edit(edits: readonly HeaderEdit[]): void {
    if (edits.length === 0) return;
    const edited = editHeader(this.header, edits, this.#isInternational);
    this.header = edited.header;
    this.#show();
    this.session.settings.dryRun?.edited(this.session.facts, edited, edits);
  }

  /** If the site says so, 8-bit bytes are encoded as ASCII where possible. */
  #legible(header: RawHeader): RawHeader {
    const { session, transaction } = this;
    if (transaction.parameters.smtputf8 || isAscii(header.fieldBytes) || !session.concessions.encodeHeaders) return header;
    const ascii = isSigned(header.fieldBytes) ? null : asciiHeader(header.fieldBytes);
    return ascii === null ? header : new RawHeader(ascii, header.separator);
  }

  /** RFC 6409 8.2 and 8.3: a submitted message gets the fields that every message needs. */
  #completed(header: RawHeader): RawHeader {
    const fields = [
      ['Date', dateTime(this.session.settings.now())],
      ['Message-ID', this.#newId],
    ] as const;
    const missing = fields.filter(([name]) => header.count(name) === 0);
    const edits = missing.map(([name, value]) => ({ effect: 'add_header', name, value }) as const);
    return editHeader(header, edits, false).header;
  }

  get #newId(): string {
    return `<${this.transaction.id}@${this.session.settings.hostname}>`;
  }

  /** An ASCII message stays ASCII even if the client said SMTPUTF8: not every next hop supports more. */
  get #isInternational(): boolean {
    return this.transaction.parameters.smtputf8 && !isAscii(this.message.header.fieldBytes);
  }

  #show(): void {
    const { header } = this;
    const { facts } = this.session;
    facts.provide('transaction', 'header', (name) => orAbsent(header.values(name)));
    facts.provide('transaction', 'raw_header', (name) => orAbsent(header.named(name).map((field) => field.rawValue)));
    facts.set('transaction', 'message.id', header.values('message-id')[0] ?? this.#newId);
  }
}

const orAbsent = (values: readonly string[]): readonly string[] | null => (values.length > 0 ? values : null);
