import { editHeader, type HeaderEdit } from '../../message/edits.ts';
import { withoutForgedResults } from '../../message/forged-results.ts';
import type { RawHeader } from '../../message/header.ts';
import type { ReceivedMessage } from '../../message/incoming.ts';
import type { Session } from '../session/session.ts';
import type { Transaction } from '../session/transaction.ts';
import type { SignEffect } from '../settings.ts';

/** A message that has arrived, and what rules have made of it so far. */
export class Draft {
  readonly session: Session;
  readonly transaction: Transaction;
  readonly message: ReceivedMessage;
  readonly signatures: SignEffect[] = [];
  /** Results that claim to be ours and are not were taken out on the way in (RFC 8601 5). */
  header: RawHeader;

  constructor(session: Session, transaction: Transaction, message: ReceivedMessage) {
    this.session = session;
    this.transaction = transaction;
    this.message = message;
    this.header = withoutForgedResults(message.header, session.settings.hostname);
    this.#show();
  }

  /** Later rules see the header as edited. */
  edit(edits: readonly HeaderEdit[]): void {
    if (edits.length === 0) return;
    this.header = editHeader(this.header, edits, this.transaction.parameters.smtputf8).header;
    this.#show();
  }

  #show(): void {
    const { header } = this;
    this.session.facts.provide('transaction', 'header', (name) => {
      const values = header.values(name);
      return values.length > 0 ? values : null;
    });
  }
}
