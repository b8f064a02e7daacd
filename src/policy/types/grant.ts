import type { ValueType } from '../definition.ts';

/** `10-recipients/inbound` is also known as `inbound`. */
const shortId = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

export const grant: ValueType = {
  name: 'grant',
  doc: 'The id of a grant; `inbound` and the full name `10-recipients/inbound` both match.',
  literal: { type: 'string', pattern: '^(?:[^\\s/]+/)?[a-z][a-z0-9_-]*$', description: 'A grant, `inbound` or `10-recipients/inbound`' },
  normalize: (value) => String(value),
  aliases: (value) => [shortId(String(value))],
  ordered: false,
  textual: true,
  lists: ['string', 'glob', 'regex'],
};
