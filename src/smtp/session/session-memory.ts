import type { SmtpSession } from './session.ts';

/** A session, its socket and the system's buffers for it. Bytes, measured. */
const SESSION = 24 * 1024;
const TLS = 40 * 1024;
/** A recipient, not counting the command line, which it keeps alive. */
const RECIPIENT = 700;

/** What a session holds in memory: its envelope, and what has arrived of its message. */
export class SessionMemory {
  readonly #session: SmtpSession;
  #recipients = 0;
  #envelope = 0;

  constructor(session: SmtpSession) {
    this.#session = session;
  }

  /** A command line of this length was processed. */
  heard(bytes: number): void {
    const recipients = this.#session.transaction?.recipientCount ?? 0;
    if (recipients === 0) this.#envelope = 0;
    else if (recipients > this.#recipients) this.#envelope += bytes + RECIPIENT;
    this.#recipients = recipients;
  }

  weigh(): number {
    const { transaction, receiving, chunks, tls } = this.#session;
    if (transaction === null) this.#envelope = 0;
    const message = (chunks ?? receiving?.receiver)?.held ?? 0;
    return SESSION + (tls === null ? 0 : TLS) + this.#envelope + message;
  }
}
