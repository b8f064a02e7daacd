import type { FactValue } from '../../policy/value.ts';
import type { Script } from '../simulation/script.ts';

/** What names nobody in particular: the null sender, or one that is not given. */
const SOMEBODY = 'sender@client.example';

const mailbox = (address: string): string => `<${address.replace(/\p{Cc}/gu, ' ')}>`;

interface Envelope {
  readonly sender: FactValue | undefined;
  readonly recipients: Script['recipients'];
}

/**
 * The message of a test that names none: well formed, with every header field that RFC 5322 3.6 asks for,
 * a text and no attachment. Its From is the envelope sender.
 */
export const plainMessage = ({ sender, recipients }: Envelope): Buffer => {
  const from = typeof sender === 'string' ? sender : SOMEBODY;
  const to = recipients.flatMap((address) => address ?? []).map(mailbox);
  const lines = [
    `From: ${mailbox(from)}`,
    `To: ${to.length > 0 ? to.join(',\r\n ') : 'undisclosed-recipients:;'}`,
    'Subject: A plain message',
    'Date: Mon, 05 Jan 2026 12:00:00 +0000',
    'Message-ID: <plain@client.example>',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Hello.',
    '',
  ];
  return Buffer.from(lines.join('\r\n'));
};
