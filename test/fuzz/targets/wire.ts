import assert from 'node:assert/strict';
import packet, { type Answer } from 'dns-packet';
import { readDmarcRecord } from '../../../src/lookup/dmarc/record.ts';
import { readReply } from '../../../src/lookup/reply.ts';
import { SpfPermanentError } from '../../../src/lookup/spf/error.ts';
import { readRecord } from '../../../src/lookup/spf/record.ts';
import { readTagList } from '../../../src/message/dkim/tag-list.ts';
import { parseMailbox } from '../../../src/policy/mailbox-syntax.ts';
import { readProxyHeader } from '../../../src/smtp/wire/proxy-header.ts';
import { dnsText } from '../grammar/dns-text.ts';
import { address } from '../grammar/message.ts';
import { proxyHeader } from '../grammar/proxy.ts';
import { mutated, mutatedText } from '../mutate.ts';
import type { Random } from '../random.ts';
import { nothingToClose, ownMemory, type Target } from '../target.ts';

const answers = (random: Random): Answer[] =>
  random.several(0, 6, (): Answer => {
    const name = random.pick(['a.example', 'x'.repeat(60), 'b.c.d.e.f']);
    return random.pick<Answer>([
      { type: 'A', name, data: '192.0.2.1', ttl: 1 },
      { type: 'TXT', name, data: random.several(1, 3, () => dnsText(random).slice(0, 255)), ttl: 1 },
      { type: 'MX', name, data: { preference: 1, exchange: name }, ttl: 1 },
      { type: 'CNAME', name, data: name, ttl: 1 },
      { type: 'PTR', name, data: name, ttl: 1 },
    ]);
  });

/** Pointers above all: they can make a small packet expensive. */
const withPointers = (random: Random, bytes: Buffer): Buffer => {
  const changed = Buffer.from(bytes);
  for (let left = random.int(20); left > 0 && changed.length > 14; left--) {
    const at = 12 + random.int(changed.length - 13);
    changed.writeUInt16BE(0xc000 | random.int(changed.length), at);
  }
  return changed;
};

const dns = (random: Random): void => {
  const bytes = packet.encode({
    type: 'response',
    id: 7,
    flags: 0,
    questions: [{ type: 'TXT', name: 'a.example' }],
    answers: answers(random),
  });
  const reply = readReply(mutated(random, withPointers(random, bytes)));
  for (const one of reply?.answers ?? []) assert.ok(one.name.length <= 1_024, 'a name without end');
};

const spf = (random: Random): void => {
  try {
    readRecord(dnsText(random));
  } catch (error) {
    if (!(error instanceof SpfPermanentError)) throw error;
  }
};

/** What comes over wires other than SMTP's: DNS packets, the records in them, PROXY headers, addresses. */
export const wire: Target = {
  name: 'wire',
  patience: 500,
  open: async () => ({
    run: async (random) => {
      dns(random);
      spf(random);
      readDmarcRecord(dnsText(random));
      readTagList(dnsText(random));
      const header = readProxyHeader(proxyHeader(random));
      assert.ok(header.kind !== 'header' || header.length > 0);
      const mailbox = parseMailbox(mutatedText(random, address(random)), random.chance(0.5));
      if (mailbox !== null) assert.doesNotMatch(mailbox.address, /\p{Cc}/u);
    },
    memory: ownMemory,
    close: nothingToClose,
  }),
};
