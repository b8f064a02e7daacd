import type { MessageContents } from '../policy/services.ts';
import type { ReceivedMessage } from './incoming.ts';
import type { MimeLimits } from './mime/budget.ts';
import type { MimeView } from './mime/mime.ts';
import type { TextPart } from './mime/parser.ts';

const TEXT = 1024 * 1024;
const DEPTH = 50;

/** `parts`: `limits.mime_parts` of the configuration. `text` bytes (1 MiB) and `depth` (50) if not said. */
export type ContentLimits = Pick<MimeLimits, 'parts'> & Partial<MimeLimits>;

/**
 * The contents of a message for the facts that need them. MIME is parsed when the first of them asks,
 * until that one's signal is aborted, and only once. Over a limit it rejects, so that the
 * fact is unknown and never wrong: over the bound of text only `text` does. It rejects as well where other readers may
 * see other parts, and for the attachments where they may see other names.
 */
export const messageContents = (message: Pick<ReceivedMessage, 'open'>, limits: ContentLimits): MessageContents => {
  const bounds: MimeLimits = { text: TEXT, depth: DEPTH, ...limits };
  let parsed: Promise<MimeView> | null = null;
  const view = (signal: AbortSignal): Promise<MimeView> => (parsed ??= parse(message, bounds, signal));
  let rendered: Promise<string | null> | null = null;
  return {
    attachments: async (signal) => allAttachments(await view(signal)),
    text: async (signal) => {
      const texts = wholeText(await view(signal), bounds);
      rendered ??= render(texts, signal);
      return rendered;
    },
    html: async (signal) => joined(wholeText(await view(signal), bounds).flatMap(({ kind, text }) => (kind === 'html' ? [text] : []))),
  };
};

/** The parser is loaded by the first message that needs it: many relays never do. */
const parse = async (message: Pick<ReceivedMessage, 'open'>, limits: MimeLimits, signal: AbortSignal): Promise<MimeView> => {
  const { parseMime } = await import('./mime/mime.ts');
  return parseMime(message.open(), limits, signal);
};

const allAttachments = ({ attachments, structureDoubt, nameDoubt }: MimeView): MimeView['attachments'] => {
  const doubt = structureDoubt ?? nameDoubt;
  if (doubt !== null) throw new Error(doubt);
  return attachments;
};

const wholeText = (view: MimeView, limits: MimeLimits): readonly TextPart[] => {
  if (view.structureDoubt !== null) throw new Error(view.structureDoubt);
  if (view.textIsCut) throw new Error(`more than ${limits.text} bytes of text`);
  return view.texts;
};

const joined = (texts: readonly string[]): string | null => (texts.length === 0 ? null : texts.join('\n'));

/** Format characters are not seen: bidi controls, zero-width ones, soft hyphens. */
const INVISIBLE = /\p{Cf}|\u034f|\p{Variation_Selector}/gu;

/** The texts as a reader sees them. What reads HTML is loaded by the first message that needs it. */
const render = async (texts: readonly TextPart[], signal: AbortSignal): Promise<string | null> => {
  const { htmlText } = await import('./html/html-text.ts');
  const seen: string[] = [];
  for (const { kind, text } of texts) seen.push((kind === 'html' ? await htmlText(text, signal) : text).replace(INVISIBLE, ''));
  return joined(seen.filter((text) => text !== ''));
};
