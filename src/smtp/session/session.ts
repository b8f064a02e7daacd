import type { Eventually } from '../../transaction/eventually.ts';
import { Session, type SessionStart } from '../../transaction/session.ts';
import type { Answer } from '../answer.ts';
import type { ChunkReceivers, Receiver } from '../receiver.ts';
import type { ListenerSettings, RelayServerSettings } from '../settings.ts';
import type { ContentReader } from '../wire/message-bytes.ts';

/** `CONNECT` stands for the greeting, `UNKNOWN` for whatever is no command. */
export interface SessionCommand {
  readonly verb: string;
  /** `null` where it may hold a secret. */
  readonly argument: string | null;
}

export interface SmtpSessionStart extends SessionStart {
  readonly settings: RelayServerSettings;
  readonly listener: ListenerSettings;
}

/** A session as the dialogue sees it: what the next line or the next bytes of the client mean. */
export class SmtpSession extends Session {
  declare readonly settings: RelayServerSettings;
  declare readonly listener: ListenerSettings;
  /** The command under way, for the log. */
  command: SessionCommand = { verb: 'CONNECT', argument: null };
  /** The refusal that the log has already. */
  noted: Answer | null = null;
  /** The client was refused at the admission: it may only say QUIT. */
  refused = false;
  /** The message, or part of one, that comes instead of commands. */
  receiving: { readonly reader: ContentReader; readonly receiver: Receiver } | null = null;
  /** The line of the command under way ended in a line feed alone. */
  saysBareLf = false;
  failedLogins = 0;
  /** The part of the message that BDAT has brought so far. */
  chunks: ChunkReceivers | null = null;
  /** What the next line means while AUTH waits for an answer. */
  continuation: ((line: string) => Eventually<Answer>) | null = null;

  constructor(start: SmtpSessionStart) {
    super(start);
  }

  beginCommand(command: SessionCommand): void {
    this.command = command;
    this.forgetSubject();
  }
}
