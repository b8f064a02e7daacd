import type { Service } from '../service.ts';

/** The content of the message: needs no query, but is parsed only when a rule asks for it. */
export const content: Service<'content'> = {
  name: 'content',
  open:
    () =>
    ({ content: contents }) =>
      contents,
};
