import type { Service } from '../service.ts';

/** What is inside the message: asked of nobody, but looked into only when a rule asks. */
export const content: Service<'content'> = {
  name: 'content',
  open:
    () =>
    ({ content: contents }) =>
      contents,
};
