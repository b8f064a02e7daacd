import { messageContents } from '../message/contents.ts';
import type { ReceivedMessage } from '../message/incoming.ts';
import type { Finder } from '../policy/decide/settle.ts';
import type { MessageContents, Services } from '../policy/services.ts';
import { type Counters, createFinder } from './finder.ts';
import type { Lookups } from './lookups.ts';

export interface FinderSources {
  readonly lookups: Lookups;
  readonly counters: Counters;
  /** Maximum number of MIME parts that are parsed. */
  readonly mimeParts: number;
}

const noMessage = (): Promise<never> => Promise.reject(new Error('there is no message yet'));

/** The content of the message, parsed once, no matter how often it is asked for. */
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

/** The finder of one transaction. Set up at the first look-up, since most transactions make none. */
export const sessionFinder = ({ lookups, counters, mimeParts }: FinderSources, message: () => ReceivedMessage | null): Finder => {
  let services: Services | null = null;
  const bound = (): Services => {
    services ??= lookups.forTransaction({ message: () => message()?.open() ?? null, content: contentOf(message, mimeParts) });
    return services;
  };
  return createFinder({ services: bound, counters });
};
