import type { FactValue } from '../../policy/value.ts';
import type { Site } from '../loading/load.ts';
import type { Script } from '../simulation/script.ts';
import { simulate } from '../simulation/simulate.ts';
import { simulationFinder } from '../simulation/simulation-finder.ts';
import { play } from './play.ts';
import { scriptFor } from './test-script.ts';
import { expectationFor, type WrittenTest, writtenValue } from './written-test.ts';

export interface SessionForTest {
  readonly script: Script;
  /** Path of the message, relative to the site. */
  readonly message: string | null;
  /** Look-ups that are not given are made, and the test gives what they found. */
  readonly lookUp: boolean;
}

/** What look-ups of the session find. */
const lookedUp = async (site: Site, script: Script): Promise<ReadonlyMap<string, FactValue>> => {
  const found = new Map<string, FactValue>();
  const elsewhere = async (fact: string, ask: () => Promise<FactValue>): Promise<FactValue> => {
    const value = await ask();
    found.set(fact, value);
    return value;
  };
  await simulate(script, { site, finder: simulationFinder(site, script, { elsewhere }) });
  return found;
};

const withRecipients = ({ given, recipients }: Script): Map<string, FactValue> => {
  const named = recipients.filter((recipient) => recipient !== null);
  const [only] = named;
  const said: readonly (readonly [string, FactValue])[] =
    named.length > 1 ? [['recipients', named]] : only === undefined ? [] : [['recipient.address', only]];
  const sender: readonly (readonly [string, FactValue])[] = given.get('sender.address') === '' ? [['sender.address', null]] : [];
  return new Map([...given, ...sender, ...said]);
};

const nameOf = (given: ReadonlyMap<string, FactValue>, { recipients }: Script, expect: WrittenTest['expect']): string => {
  const sender = given.has('sender.address') ? String(writtenValue(given.get('sender.address') ?? null)) : null;
  const from = sender === null ? 'mail' : sender === 'absent' ? 'a bounce' : `mail from ${sender}`;
  const to = recipients.filter((recipient) => recipient !== null).join(' and ');
  return `${from}${to === '' ? '' : ` to ${to}`}: ${String(expect.verdict)}${expect.at === undefined ? '' : ` at ${String(expect.at)}`}`;
};

/** A session as a test that holds: it expects what becomes of the session when `relayctl test` plays it. */
export const sessionAsTest = async (site: Site, { script, message, lookUp }: SessionForTest): Promise<WrittenTest> => {
  const found = lookUp ? await lookedUp(site, script) : new Map<string, FactValue>();
  const given = new Map([...withRecipients(script), ...found]);
  const expect = expectationFor(await play({ script: scriptFor(given, script.message), at: null }, site));
  const written = Object.fromEntries([...given].map(([fact, value]) => [fact, writtenValue(value)]));
  return { name: nameOf(given, script, expect), given: written, ...(message === null ? {} : { message }), expect };
};
