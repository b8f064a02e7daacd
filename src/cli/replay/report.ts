import type { Fate } from '../../site/replay/compare.ts';
import type { Change, Example, Replay } from '../../site/replay/replay.ts';

const WIDTH = 7;

const counted = (count: number, text: string): string => `${String(count).padStart(WIDTH)}  ${text}`;

const by = (fate: Fate): string => (fate.by === '' ? '' : ` by ${fate.by}`);

const said = (fate: Fate): string => (fate.kind === 'refused' ? `${fate.code} ${fate.enhanced}${by(fate)}` : `${fate.kind}${by(fate)}`);

/** The reply where only its text differs. */
const inFull = (fate: Fate): string => ('text' in fate ? `"${fate.text}"${by(fate)}` : said(fate));

const isSameCode = (before: Fate, after: Fate): boolean =>
  'code' in before && 'code' in after && before.code === after.code && before.enhanced === after.enhanced;

const turned = ({ what, before, after }: Change): string => {
  const show = isSameCode(before, after) ? inFull : said;
  return `${what}: ${show(before)} -> ${show(after)}`;
};

const path = (address: string | null): string => `<${address ?? ''}>`;

const example = ({ time, client, sender, recipient, transaction, connection }: Example): string => {
  const to = recipient === null ? '' : ` to ${path(recipient)}`;
  return `           ${time} from ${path(sender)}${to}, client ${client ?? 'not recorded'}, ${transaction ?? connection}`;
};

const heading = ({ transactions, first, last, policy, recordedUnder }: Replay): string =>
  `${transactions} transactions of ${first} to ${last}
recorded under policy ${recordedUnder.join(', ')}; judged again under ${policy}
`;

/** For people: the sums, then each way in which something would change, most frequent first. */
export const replayReport = (replay: Replay): string => {
  if (replay.transactions === 0) return '';
  const sums = [
    counted(replay.same, 'with the same result'),
    counted(replay.different, 'with another result'),
    ...(replay.undecided === 0 ? [] : [counted(replay.undecided, 'undecided: a rule needs what was not recorded')]),
    ...(replay.unreadable === 0 ? [] : [counted(replay.unreadable, 'lines could not be read')]),
  ];
  const changes = replay.changes.flatMap((change) => [counted(change.count, turned(change)), ...change.examples.map(example)]);
  const missing = Object.entries(replay.missing).map(([reason, count]) => counted(count, reason));
  const parts = [
    [heading(replay) + sums.join('\n')],
    changes.length === 0 ? [] : ['\nwhat would change', ...changes],
    missing.length === 0 ? [] : ['\nwhat was missing', ...missing],
  ];
  return `${parts.flat().join('\n')}\n`;
};
