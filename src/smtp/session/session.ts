import type { Eventually } from '../../transaction/eventually.ts';
import { Session, type SessionStart } from '../../transaction/session.ts';
import type { Answer } from '../answer.ts';
import type { ChunkReceivers, Receiver } from '../receiver.ts';
import type { ListenerSettings, RelayServerSettings } from '../settings.ts';
import type { ContentReader } from '../wire/message-bytes.ts';

/** `CONNECT` stands for the greeting, `UNKNOWN` for anything that is not a command. */
export interface SessionCommand {
  readonly verb: string;
  /** `null` where it may hold a secret. */
  readonly argument: string | null;
}

export interface SmtpSessionStart extends SessionStart {
  readonly settings: RelayServerSettings;
  readonly listener: ListenerSettings;
}

/** The protocol state of a session: what the client's next line or bytes mean. */
export class SmtpSession extends Session {
  declare readonly settings: RelayServerSettings;
  declare readonly listener: ListenerSettings;
  /** The command under way, for the log. */
  command: SessionCommand = { verb: 'CONNECT', argument: null };
  /** The refusal that is already in the log. */
  noted: Answer | null = null;
  /** The client was refused on connecting: it may only say QUIT. */
  refused = false;
  /** Set while a message, or part of one, is received instead of commands. */
  receiving: { readonly reader: ContentReader; readonly receiver: Receiver } | null = null;
  /** The current command line ended in a bare line feed. */
  saysBareLf = false;
  failedLogins = 0;
  /** The part of the message that BDAT has received so far. */
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
