import { mutated } from '../mutate.ts';
import type { Random } from '../random.ts';

const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');

const v1 = (random: Random): Buffer =>
  Buffer.from(
    `PROXY ${random.pick(['TCP4', 'TCP6', 'UNKNOWN', 'UDP4', ''])} ${random.pick(['192.0.2.1', '2001:db8::1', '::ffff:127.0.0.1', '127.0.0.1', '0x7f.1', ''])} ${random.pick(['192.0.2.2', '::1'])} ${random.pick(['1', '65535', '65536', '-1', '01'])} ${random.pick(['25', '0'])}\r\n`,
  );

const v2 = (random: Random): Buffer => {
  const addresses = random.bytes(random.pick([12, 36, 216, 0, 5]));
  const tlvs = Buffer.concat(
    random.several(0, 3, () => Buffer.concat([Buffer.from([random.int(256), 0, random.int(40)]), random.bytes(random.int(40))])),
  );
  const head = Buffer.from([random.pick([0x21, 0x20, 0x2f, 0x11]), random.pick([0x11, 0x21, 0x31, 0x00, 0xff]), 0, 0]);
  head.writeUInt16BE(random.chance(0.8) ? addresses.length + tlvs.length : random.int(65_536), 2);
  return Buffer.concat([SIGNATURE, head, addresses, tlvs]);
};

/** A PROXY header of version 1 or 2, broken now and then. */
export const proxyHeader = (random: Random): Buffer => mutated(random, random.chance(0.5) ? v1(random) : v2(random), 0.6);
