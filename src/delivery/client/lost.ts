/** Why there was no reply. */
export type LossReason = 'unreachable' | 'timeout' | 'closed' | 'tls' | 'protocol' | 'login' | 'local';

/** A connection that could not be opened or was lost. The message is for the log and the queue, not for clients. */
export class ConnectionLost extends Error {
  readonly reason: LossReason;
  /** The last reply of the next hop, if it ended the connection. */
  readonly reply: string | null;
  constructor(reason: LossReason, message: string, reply: string | null = null) {
    super(message);
    this.name = 'ConnectionLost';
    this.reason = reason;
    this.reply = reply;
  }
}

/** The properties read here of errors from nodemailer and net. */
export interface ConnectionFault {
  readonly message: string;
  readonly code?: string | undefined;
  readonly response?: string | undefined;
}

const REASONS: Readonly<Record<string, LossReason>> = {
  ETIMEDOUT: 'timeout',
  ETLS: 'tls',
  EPROTOCOL: 'protocol',
  EAUTH: 'login',
  ENOAUTH: 'login',
};

/** Converts an error of nodemailer or a socket. Any error during a handshake counts as a TLS error. */
export const lostBy = (fault: ConnectionFault, during: { readonly handshake: boolean } = { handshake: false }): ConnectionLost => {
  const reason = during.handshake ? 'tls' : REASONS[fault.code ?? ''];
  return new ConnectionLost(reason ?? 'closed', fault.message, fault.response ?? null);
};
