import { createLedger } from '../../src/ledger/ledger.ts';

/** Asks for one key again and again, and prints how often it was let through. Run by `ledger.test.ts`. */
const [, , path = '', times = '0'] = process.argv;
const ledger = await createLedger({ path, shared: true, now: () => 5_000_000_000, onError: () => process.exit(1) });
let passed = 0;
for (let count = 0; count < Number(times); count++) if (!ledger.limit({ name: 'n', key: 'k', cost: 1, max: 1_000, per: 1e9 })) passed++;
process.stdout.write(String(passed));
await ledger.close();
