/** Why there was no reply. */
export type LossReason = 'unreachable' | 'timeout' | 'closed' | 'tls' | 'protocol' | 'login' | 'local';

/** A connection that could not be had or did not last. The message is for the log and the queue, not for clients. */
export class ConnectionLost extends Error {
  readonly reason: LossReason;
  /** What the next hop said last, if that ended it. */
  readonly reply: string | null;
  constructor(reason: LossReason, message: string, reply: string | null = null) {
    super(message);
    this.name = 'ConnectionLost';
    this.reason = reason;
    this.reply = reply;
  }
}

/** Shape of what nodemailer emits and net throws, as far as it is read here. */
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

/** Puts a fault of nodemailer or of a socket into our words. Whatever goes wrong during a handshake is trouble with TLS. */
export const lostBy = (fault: ConnectionFault, during: { readonly handshake: boolean } = { handshake: false }): ConnectionLost => {
  const reason = during.handshake ? 'tls' : REASONS[fault.code ?? ''];
  return new ConnectionLost(reason ?? 'closed', fault.message, fault.response ?? null);
};
