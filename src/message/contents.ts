import type { MessageContents } from '../policy/services.ts';
import type { ReceivedMessage } from './incoming.ts';
import type { MimeView } from './mime.ts';
import type { MimeLimits } from './mime-parser.ts';

const TEXT = 1024 * 1024;
const DEPTH = 50;

/** `parts`: `limits.mime_parts` of the configuration. `text` bytes (1 MiB) and `depth` (50) if not said. */
export type ContentLimits = Pick<MimeLimits, 'parts'> & Partial<MimeLimits>;

/** Contents as they are read here. `unclear`: why other programs may find other attachments; `null` if there is no doubt. */
export interface ReadContents extends MessageContents {
  readonly unclear: (signal: AbortSignal) => Promise<string | null>;
}

/**
 * The contents of a message for the facts that need them. MIME is parsed when the first of them asks,
 * until that one's signal is aborted, and once, whoever asks later. Over a limit it rejects, so that the
 * fact is unknown and never wrong: over the bound of text only `text` does.
 */
export const messageContents = (message: Pick<ReceivedMessage, 'open'>, limits: ContentLimits): ReadContents => {
  const bounds: MimeLimits = { text: TEXT, depth: DEPTH, ...limits };
  let parsed: Promise<MimeView> | null = null;
  const view = (signal: AbortSignal): Promise<MimeView> => (parsed ??= parse(message, bounds, signal));
  return {
    attachments: async (signal) => (await view(signal)).attachments,
    unclear: async (signal) => (await view(signal)).unclear,
    text: async (signal) => wholeText(await view(signal), bounds),
  };
};

/** The parser is loaded by the first message that needs it: many relays never do. */
const parse = async (message: Pick<ReceivedMessage, 'open'>, limits: MimeLimits, signal: AbortSignal): Promise<MimeView> => {
  const { parseMime } = await import('./mime.ts');
  return parseMime(message.open(), limits, signal);
};

const wholeText = (view: MimeView, limits: MimeLimits): string | null => {
  if (view.textIsCut) throw new Error(`more than ${limits.text} bytes of text`);
  return view.text;
};
