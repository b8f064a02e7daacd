import type { BodyRef, MessageContent, MessageRecord } from './message.ts';

const LIMIT = 32 * 1024 * 1024;

/** In memory, or in a file that is checked while it is read. */
const isAtHand = (body: BodyRef): boolean => body.kind === 'inline' || (body.kind === 'file' && body.sum !== undefined);

/** Keeps new messages in memory up to a limit in bytes, large bodies aside, so that they need not be read back from the store. */
export class FreshMessages {
  readonly #messages = new Map<string, { readonly record: MessageRecord; readonly content: MessageContent; readonly bytes: number }>();
  #bytes = 0;

  set(record: MessageRecord, content: MessageContent): void {
    const bytes = content.header.length + (content.body.kind === 'inline' ? content.body.bytes.length : 0) + 1024;
    if (this.#bytes + bytes > LIMIT || !isAtHand(content.body)) return;
    this.#bytes += bytes;
    this.#messages.set(record.id, { record, content, bytes });
  }

  get(id: string): { readonly record: MessageRecord; readonly content: MessageContent } | undefined {
    return this.#messages.get(id);
  }

  delete(id: string): void {
    this.#bytes -= this.#messages.get(id)?.bytes ?? 0;
    this.#messages.delete(id);
  }
}
