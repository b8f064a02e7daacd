import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { CorruptEntries } from './corrupt.ts';
import { scan } from './frame.ts';
import { Journal, type JournalPlace } from './journal.ts';
import { LiveMessages } from './live.ts';
import { closeAll, Segment, segmentMark, segmentName, segmentNumber } from './segment.ts';

/** Numbers of the segments in a folder, in order. */
export const segmentNumbers = async (folder: string): Promise<readonly number[]> => {
  const numbers = (await readdir(folder)).map(segmentNumber);
  return numbers.filter((number) => number !== null).sort((a, b) => a - b);
};

/**
 * Reads a folder that belongs to this process and is not being written. Entries that fail their checksum are
 * set aside; all others are live. Yields to the event loop after each segment.
 */
export const replay = async (place: JournalPlace, corrupt: CorruptEntries): Promise<Journal> => {
  const live = new LiveMessages();
  const segments: Segment[] = [];
  try {
    for (const number of await segmentNumbers(place.folder)) {
      const segment = await openSegment(place, number);
      segments.push(segment);
      await replaySegment(place, segment, { live, corrupt });
      await turn();
    }
  } catch (error) {
    await closeAll(segments);
    throw error;
  }
  for (const segment of segments.slice(0, -1)) segment.seal();
  return new Journal(place, segments, live);
};

const openSegment = ({ folder, origin }: JournalPlace, number: number): Promise<Segment> =>
  Segment.open({ file: join(folder, segmentName(number)), number, mark: segmentMark(origin, number), end: 0 });

const replaySegment = async (
  place: JournalPlace,
  segment: Segment,
  { live, corrupt }: { readonly live: LiveMessages; readonly corrupt: CorruptEntries },
): Promise<void> => {
  const { file, number, mark } = segment;
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
};
