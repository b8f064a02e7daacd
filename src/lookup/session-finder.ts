import { messageContents, type ReadContents } from '../message/contents.ts';
import type { ReceivedMessage } from '../message/incoming.ts';
import type { Finder } from '../policy/decide/settle.ts';
import type { MessageContents, Services } from '../policy/services.ts';
import type { Fields } from '../policy/value.ts';
import { type Counters, createFinder } from './finder.ts';
import type { Lookups } from './lookups.ts';

export interface FinderSources {
  readonly lookups: Lookups;
  readonly counters: Counters;
  /** Parts of a message that are looked into. */
  readonly mimeParts: number;
}

const noMessage = (): Promise<never> => Promise.reject(new Error('there is no message yet'));

/** What is inside the message, parsed once, however often it is asked. A doubt whether there is more makes attachments unknown. */
const contentOf = (message: () => ReceivedMessage | null, parts: number): MessageContents => {
  let contents: ReadContents | null = null;
  const parsed = (): ReadContents | null => {
    const arrived = message();
    if (arrived) contents ??= messageContents(arrived, { parts });
    return contents;
  };
  return {
    text: (signal) => parsed()?.text(signal) ?? noMessage(),
    attachments: async (signal) => certain(parsed() ?? (await noMessage()), signal),
  };
};

const certain = async ({ attachments, unclear }: ReadContents, signal: AbortSignal): Promise<readonly Fields[]> => {
  const doubt = await unclear(signal);
  if (doubt !== null) throw new Error(doubt);
  return attachments(signal);
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
