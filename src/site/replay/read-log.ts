import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { isHook } from '../../policy/hook.ts';
import { isObject, type Json } from '../../policy/json.ts';
import type { JudgedEntry } from '../../transaction/judged.ts';

const MARK = '"event":"judged"';

/** Longer lines are none of ours. */
const LONGEST = 1024 * 1024;

const isRecipient = (value: Json): boolean => isObject(value) && typeof value.address === 'string';

/** A line of this program: nobody else writes such a log. */
const isJudged = (value: unknown): value is JudgedEntry =>
  isRecord(value) &&
  [value.time, value.connection, value.policy].every((text) => typeof text === 'string') &&
  typeof value.began === 'number' &&
  isHook(String(value.hook)) &&
  isRecord(value.facts) &&
  (value.recipients === undefined || (Array.isArray(value.recipients) && value.recipients.every(isRecipient)));

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The last line may be cut off where a machine stopped. */
const parsed = (line: string): JudgedEntry | null => {
  try {
    const value: unknown = JSON.parse(line);
    return isJudged(value) ? value : null;
  } catch {
    return null;
  }
};

/** The lines of a decision log that tell what transactions were judged by, in their order; `null` for one that cannot be read. Rejects with the system's error. */
export async function* judgedEntries(file: string): AsyncGenerator<JudgedEntry | null> {
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) if (line.length <= LONGEST && line.includes(MARK)) yield parsed(line);
}

/** The last entry of this connection, transaction or queue id; `null` if there is none. Rejects with the system's error. */
export const findJudged = async (file: string, id: string): Promise<JudgedEntry | null> => {
  let found: JudgedEntry | null = null;
  for await (const entry of judgedEntries(file)) if (entry !== null && isNamed(entry, id)) found = entry;
  return found;
};

const isNamed = ({ connection, transaction, queueId }: JudgedEntry, id: string): boolean => [connection, transaction, queueId].includes(id);
