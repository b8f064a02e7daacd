/* The attacker's own process, last in line for the processor: `attacker.ts NAME SMTP-PORT SMTPS-PORT ADDRESS`. Ends with its parent. */
import { setPriority } from 'node:os';
import { ATTACKS } from './attacks/index.ts';

setPriority(19);
const [name = '', smtp, smtps, from = ''] = process.argv.slice(2);
const attack = ATTACKS[name];
if (attack === undefined) throw new Error(`no attack is called "${name}"`);
process.on('disconnect', () => process.exit());
attack({ smtp: Number(smtp), smtps: Number(smtps), from });
process.send?.('attacking');
