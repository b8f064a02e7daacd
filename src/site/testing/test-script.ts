import type { TestSyntax } from '../../policy/syntax.ts';
import { isCollection } from '../../policy/value.ts';
import type { Site } from '../loading/load.ts';
import { givenFacts } from '../simulation/given.ts';
import { wireBytes } from '../simulation/message-text.ts';
import type { Script } from '../simulation/script.ts';
import { plainMessage } from './plain-message.ts';
import type { Play } from './play.ts';

/** A Monday noon, so that no test depends on the day it runs. */
const PINNED = new Date(2026, 0, 5, 12).getTime();

const recipientsOf = (given: Script['given']): Script['recipients'] => {
  const one = given.get('recipient.address');
  if (typeof one === 'string') return [one];
  const many = given.get('recipients') ?? null;
  return isCollection(many) && many.length > 0 ? many.map(String) : [null];
};

/** A session of what is given and a message; a plain one, if there is none. */
export const scriptFor = (given: Script['given'], message: Buffer | null): Script => {
  const recipients = recipientsOf(given);
  return { given, recipients, message: message ?? plainMessage({ sender: given.get('sender.address'), recipients }), now: PINNED };
};

/** Throws `SiteFileError` where the message of the test cannot be read. */
export const playOf = ({ given, message, expect }: TestSyntax, site: Site): Play => {
  const bytes = message === null ? null : wireBytes(site.reader.readBytes(message.file, 'message'));
  return { script: scriptFor(givenFacts(given.value), bytes), at: expect.at };
};
