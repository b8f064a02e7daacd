import { Ledger } from '../../src/ledger/ledger.ts';
import { limitRequest } from '../../src/ledger/request.ts';

/** Counts one key after the other until it is killed, and says after each that was let through which it was. Run by `crash.test.ts`. */
const [, , path = '', keys = '1', bytes = '0'] = process.argv;
const ledger = await Ledger.open({ path, bytes: Number(bytes), now: () => 5_000_000_000, report: () => undefined });
for (let count = 0; ; count++) {
  const key = count % Number(keys);
  const held = await ledger.ask(limitRequest({ name: 'n', key: String(key), network: '192.0.2.0', cost: 1, max: 1_000_000, per: 1e9 }));
  // Waits until the kernel has the line: what is left in the stream dies with the process.
  if (!held) await new Promise((written) => process.stdout.write(`${key}\n`, written));
}
