import type { MessageContent, MessageRecord } from './message.ts';

const LIMIT = 32 * 1024 * 1024;

/** Keeps new messages in memory up to a limit in bytes, so that they need not be read back from the store. */
export class FreshMessages {
  readonly #messages = new Map<string, { readonly record: MessageRecord; readonly content: MessageContent; readonly bytes: number }>();
  #bytes = 0;

  set(record: MessageRecord, content: MessageContent): void {
    const bytes = content.header.length + (content.body.kind === 'inline' ? content.body.bytes.length : 0) + 1024;
    if (this.#bytes + bytes > LIMIT || content.body.kind !== 'inline') return;
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
