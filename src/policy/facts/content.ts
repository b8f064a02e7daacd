import type { FactDefinition } from '../fact-definition.ts';
import { formed } from '../possible.ts';
import { localPart } from '../types/local-part.ts';
import { size } from '../types/size.ts';
import { string } from '../types/string.ts';
import { word } from '../types/word.ts';

const common = { provider: 'message', from: 'data_post', hooks: ['data_post', 'queue'], lifetime: 'transaction' } as const;

export const facts: readonly FactDefinition[] = [
  {
    ...common,
    name: 'body.text',
    type: string,
    collection: false,
    doc: 'What a reader sees of the text and HTML parts: no tags, comments, invisible characters, hidden text. Where mail programs differ on what they hide, it holds both readings, one after the other. Absent if there is no text; unknown above 1 MiB and where readers may see other parts.',
    example: { when: { 'body.text': { matches: '(?i)wire transfer' } }, given: { 'body.text': 'Urgent: Wire Transfer' }, holds: true },
    lookUp: ({ services, signal }) => services.content.text(signal),
    assumed: { doc: 'the text of the message; `absent` without a message', value: () => null },
  },
  {
    ...common,
    name: 'body.html',
    type: string,
    collection: false,
    doc: 'HTML parts of the message as written, decoded to Unicode; absent and unknown as `body.text` is.',
    example: { when: { 'body.html': { contains: '<script' } }, given: { 'body.html': '<p>hello<script>go()</script>' }, holds: true },
    lookUp: ({ services, signal }) => services.content.html(signal),
    assumed: { doc: 'the HTML of the message; `absent` without a message', value: () => null },
  },
  {
    ...common,
    name: 'attachment',
    type: localPart,
    collection: true,
    sets: ['name', 'extension'],
    fieldForms: {
      extension: formed('An extension has no dot, `exe`.', '[^A-Z.\\s]+'),
      sha256: formed('64 hex digits.', '[0-9a-f]{64}'),
    },
    fields: { name: localPart, extension: word, type: word, size, sha256: word },
    doc: 'Attachments: every name that some mail program would use (RFC 2231, RFC 2047, uuencoded text) and their extensions without the dot, declared type, decoded size, SHA-256 in hex. Unknown where mail programs would parse the message differently.',
    example: {
      when: { attachment: { any: { extension: ['exe', 'scr'], size: { gt: '1KiB' } } } },
      given: { attachment: [{ name: 'Invoice.EXE', extension: 'EXE', type: 'application/pdf', size: 4096, sha256: 'e3b0' }] },
      holds: true,
    },
    lookUp: async ({ services, signal }) => {
      const attachments = await services.content.attachments(signal);
      return attachments.length === 0 ? null : attachments;
    },
    assumed: {
      doc: 'the attachments of the message; `absent` without a message. One that is given has only the fields that are written: `extension` is not taken from `name`',
      value: () => null,
    },
  },
];
