import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { CorruptEntries } from './corrupt.ts';
import { scan } from './frame.ts';
import { Journal, type JournalPlace } from './journal.ts';
import { LiveMessages } from './live.ts';
import { Segment, segmentMark, segmentName, segmentNumber } from './segment.ts';

/** Numbers of the segments in a folder, in order. */
export const segmentNumbers = async (folder: string): Promise<readonly number[]> => {
  const numbers = (await readdir(folder)).map(segmentNumber);
  return numbers.filter((number) => number !== null).sort((a, b) => a - b);
};

/**
 * Reads a folder that belongs to this process and nobody writes. What does not fit its checksum is set
 * aside; everything else lives. The event loop gets its turn after each segment.
 */
export const replay = async (place: JournalPlace, corrupt: CorruptEntries): Promise<Journal> => {
  const live = new LiveMessages();
  const segments: Segment[] = [];
  for (const number of await segmentNumbers(place.folder)) {
    segments.push(await replaySegment({ place, number }, live, corrupt));
    await turn();
  }
  for (const segment of segments.slice(0, -1)) segment.seal();
  return new Journal(place, segments, live);
};

const replaySegment = async (
  which: { readonly place: JournalPlace; readonly number: number },
  live: LiveMessages,
  corrupt: CorruptEntries,
): Promise<Segment> => {
  const { place, number } = which;
  const file = join(place.folder, segmentName(number));
  const mark = segmentMark(place.origin, number);
  const segment = await Segment.open({ file, number, mark, end: 0 });
  const bytes = await readFile(file);
  for (const part of scan(bytes, mark)) {
    segment.end = part.end;
    if (part.found === 'frame') for (const operation of part.operations) live.apply(operation, segment);
    else
      await corrupt.setAside(`${place.origin}-${number}-${part.at}`, bytes.subarray(part.at, part.end), {
        id: '',
        where: `${file} from byte ${part.at} to ${part.end}`,
        reason: 'a frame of the journal does not fit its checksum',
      });
  }
  return segment;
};
