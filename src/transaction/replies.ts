import type { Reply } from '../policy/reply.ts';

const reply = (code: number, enhanced: string, text: string): Reply => ({ code, enhanced, text });

/** Everything the relay says of its own accord. Bland on purpose: the whole story is in the log. RFC 5321 4.2, RFC 3463. */
export const REPLIES = {
  ok: reply(250, '2.0.0', 'Ok'),
  senderOk: reply(250, '2.1.0', 'Sender ok'),
  recipientOk: reply(250, '2.1.5', 'Recipient ok'),
  startMessage: reply(354, '2.0.0', 'End data with <CR><LF>.<CR><LF>'),
  bye: reply(221, '2.0.0', 'Bye'),
  help: reply(214, '2.0.0', 'See RFC 5321'),
  cannotVerify: reply(252, '2.1.5', 'Cannot verify, but will take the message'),
  readyForTls: reply(220, '2.0.0', 'Ready to start TLS'),
  authenticated: reply(235, '2.7.0', 'Authentication successful'),

  unknownCommand: reply(500, '5.5.2', 'Command not recognized'),
  badLine: reply(500, '5.5.2', 'Lines end with CR LF and hold no control characters'),
  lineTooLong: reply(500, '5.5.2', 'Line too long'),
  notImplemented: reply(502, '5.5.1', 'Command not implemented'),
  badArguments: reply(501, '5.5.4', 'Syntax error in arguments'),
  badParameter: reply(501, '5.5.4', 'Syntax error in parameters'),
  unknownParameter: reply(555, '5.5.4', 'Parameter not recognized'),
  badSequence: reply(503, '5.5.1', 'Bad sequence of commands'),
  heloFirst: reply(503, '5.5.1', 'Say EHLO first'),
  badSender: reply(501, '5.1.7', 'Bad sender address syntax'),
  badRecipient: reply(501, '5.1.3', 'Bad recipient address syntax'),
  noRecipients: reply(554, '5.5.1', 'No valid recipients'),
  tooManyRecipients: reply(452, '4.5.3', 'Too many recipients'),
  tooBig: reply(552, '5.3.4', 'Message too big'),
  headerTooBig: reply(552, '5.3.4', 'Message header too big'),
  badBytes: reply(550, '5.6.0', 'Message has a bare CR or LF or a NUL'),
  loop: reply(554, '5.4.6', 'Too many hops, this message is in a loop'),

  authRequired: reply(530, '5.7.0', 'Authentication required'),
  tlsRequired: reply(538, '5.7.11', 'Encryption required, say STARTTLS first'),
  authFailed: reply(535, '5.7.8', 'Authentication credentials invalid'),
  authUnavailable: reply(454, '4.7.0', 'Temporary authentication failure'),
  authMechanism: reply(504, '5.5.4', 'Authentication mechanism not supported'),
  authAborted: reply(501, '5.7.0', 'Authentication aborted'),
  authBadResponse: reply(501, '5.5.2', 'Cannot decode the response'),

  relayDenied: reply(550, '5.7.1', 'Relay access denied'),
  localProblem: reply(451, '4.3.0', 'Local problem, try again later'),
  diskFull: reply(452, '4.3.1', 'Insufficient system storage, try again later'),
  tlsUnavailable: reply(454, '4.7.0', 'TLS not available'),
  tooManyErrors: reply(421, '4.7.0', 'Too many errors'),
  tooManyConnections: reply(421, '4.3.2', 'Too many connections, try again later'),
  tooManyFromAddress: reply(421, '4.7.0', 'Too many connections from your address'),
  timeout: reply(421, '4.4.2', 'Timeout, closing connection'),
  shuttingDown: reply(421, '4.3.2', 'Shutting down, try again later'),
  unavailable: reply(421, '4.3.0', 'Local problem, try again later'),
  closing: reply(421, '4.7.0', 'Closing connection'),
} as const satisfies Record<string, Reply>;
