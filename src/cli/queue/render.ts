import type { MessageRecord } from '../../queue/message.ts';
import { visible } from '../terminal/visible.ts';

const openOf = ({ recipients }: MessageRecord): readonly string[] =>
  recipients.filter(({ status }) => status === 'open').map(({ address }) => address);

const time = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

const sender = ({ envelope }: MessageRecord): string => (envelope.sender === '' ? '<>' : envelope.sender);

/** One line a message: id, arrival, state, size, sender, open recipients. */
export const renderList = (records: readonly MessageRecord[]): string =>
  records
    .map((record) => {
      const { id, arrived, state, size } = record;
      return visible(
        `${id}  ${time(arrived)}  ${state.padEnd(11)}  ${String(size).padStart(9)}  ${sender(record)} -> ${openOf(record).join(' ')}\n`,
      );
    })
    .join('');

const recipient = ({ address, status, attempts, nextAttempt, last }: MessageRecord['recipients'][number]): string => {
  const next = status === 'open' ? `, next attempt ${time(nextAttempt)}` : '';
  const said = last ? `\n    ${last.code} ${last.enhanced} ${last.text}${last.remote === '' ? '' : ` (${last.remote})`}` : '';
  return `  ${address}: ${status}, ${attempts} attempts${next}${said}`;
};

/** Everything about one message, its header below. */
export const renderMessage = (record: MessageRecord, header: Buffer): string => {
  const { id, arrived, expires, state, reason, origin } = record;
  const lines = [
    `id           ${id}`,
    `state        ${state}${reason === '' ? '' : `: ${reason}`}`,
    `arrived      ${time(arrived)}, expires ${time(expires)}`,
    `transaction  ${origin.transaction}, policy ${origin.policyVersion}`,
    `sender       ${sender(record)}`,
    'recipients',
    ...record.recipients.map(recipient),
    '',
    header.toString('utf8').replaceAll('\r\n', '\n'),
  ];
  return visible(lines.join('\n'));
};
