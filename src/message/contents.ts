import type { MessageContents } from '../policy/services.ts';
import type { ReceivedMessage } from './incoming.ts';
import type { MimeLimits } from './mime/budget.ts';
import type { MimeView } from './mime/mime.ts';
import type { TextPart } from './mime/parser.ts';

const TEXT = 1024 * 1024;
const DEPTH = 50;

/** `parts`: `limits.mime_parts` of the configuration. Defaults: `text` 1 MiB, `depth` 50. */
export type ContentLimits = Pick<MimeLimits, 'parts'> & Partial<MimeLimits>;

/**
 * The contents of a message for the facts that need them. MIME is parsed once, when the first fact asks, and until
 * that fact's signal is aborted. Over a limit it rejects, so that the fact is unknown rather than wrong; over the text
 * limit only `text` rejects. It also rejects if other readers might see different parts, and for attachments if they
 * might see different names.
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

/** The parser is loaded by the first message that needs it; many relays never need it. */
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

/** Invisible format characters: bidi controls, zero-width characters, soft hyphens. */
const INVISIBLE = /\p{Cf}|\u034f|\p{Variation_Selector}/gu;

/** The texts as a reader sees them. The HTML reader is loaded by the first message that needs it. */
const render = async (texts: readonly TextPart[], signal: AbortSignal): Promise<string | null> => {
  const { htmlText } = await import('./html/html-text.ts');
  const seen: string[] = [];
  for (const { kind, text } of texts) seen.push((kind === 'html' ? await htmlText(text, signal) : text).replace(INVISIBLE, ''));
  return joined(seen.filter((text) => text !== ''));
};
