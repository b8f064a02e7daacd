import { messageContents } from '../message/contents.ts';
import type { ReceivedMessage } from '../message/incoming.ts';
import type { Finder } from '../policy/decide/settle.ts';
import type { MessageContents, Services } from '../policy/services.ts';
import { type Counters, createFinder } from './finder.ts';
import type { Lookups } from './lookups.ts';

export interface FinderSources {
  readonly lookups: Lookups;
  readonly counters: Counters;
  /** Parts of a message that are looked into. */
  readonly mimeParts: number;
}

const noMessage = (): Promise<never> => Promise.reject(new Error('there is no message yet'));

/** What is inside the message, parsed once, however often it is asked. */
const contentOf = (message: () => ReceivedMessage | null, parts: number): MessageContents => {
  let contents: MessageContents | null = null;
  const parsed = (): MessageContents | null => {
    const arrived = message();
    if (arrived) contents ??= messageContents(arrived, { parts });
    return contents;
  };
  return {
    text: (signal) => parsed()?.text(signal) ?? noMessage(),
    html: (signal) => parsed()?.html(signal) ?? noMessage(),
    attachments: (signal) => parsed()?.attachments(signal) ?? noMessage(),
  };
};

/** The finder of one transaction. What it needs is made by its first look-up: most transactions make none. */
export const sessionFinder = ({ lookups, counters, mimeParts }: FinderSources, message: () => ReceivedMessage | null): Finder => {
  let services: Services | null = null;
  const bound = (): Services => {
    services ??= lookups.forTransaction({ message: () => message()?.open() ?? null, content: contentOf(message, mimeParts) });
    return services;
  };
  return createFinder({ services: bound, counters });
};
