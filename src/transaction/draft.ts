import { editHeader, type HeaderEdit } from '../message/edits.ts';
import { withoutForgedResults } from '../message/forged-results.ts';
import type { RawHeader } from '../message/header.ts';
import type { ReceivedMessage } from '../message/incoming.ts';
import type { Session } from './session.ts';
import type { SignEffect } from './settings.ts';
import type { Transaction } from './transaction.ts';

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
    session.facts.set('transaction', 'message.size', message.size);
    this.#show();
    session.settings.dryRun?.state(session.facts, 'message');
  }

  /** Later rules see the header as edited. */
  edit(edits: readonly HeaderEdit[]): void {
    if (edits.length === 0) return;
    const edited = editHeader(this.header, edits, this.transaction.parameters.smtputf8);
    this.header = edited.header;
    this.#show();
    this.session.settings.dryRun?.edited(this.session.facts, edited, edits);
  }

  #show(): void {
    const { header } = this;
    this.session.facts.provide('transaction', 'header', (name) => {
      const values = header.values(name);
      return values.length > 0 ? values : null;
    });
  }
}
