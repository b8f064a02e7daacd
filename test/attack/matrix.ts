/*
 * Whatever one address does, mail of others is accepted and delivered within 2 s, a NOOP elsewhere waits under 100 ms,
 * and memory stays bounded: every attack against the shipped site and one with everything switched on, by one process
 * and two workers. `npm run attack -- [seconds] [name of an attack, or part of one] [shipped|everything] [workers]`
 */
import { setPriority } from 'node:os';
import { ATTACKS } from './attacks/index.ts';
import { warmUp } from './probe.ts';
import { broken, type Round, runRound } from './round.ts';
import { openTarget, type Shape } from './target.ts';

const [seconds = '60', part = '', shape, workers] = process.argv.slice(2);
const SHAPES: readonly Shape[] = shape === 'shipped' || shape === 'everything' ? [shape] : ['shipped', 'everything'];
const WORKERS = workers === undefined ? [1, 2] : [Number(workers)];
const HEAP = 512;

const told = (round: Round): string => {
  const { noop, noopWork, delivery, messages, peak, stall } = round;
  const faults = broken(round);
  const counted = [...new Set(faults)].map((fault) => `${faults.filter((other) => other === fault).length} x ${fault}`);
  const figures = `noop ${noop.toFixed()} ms (${noopWork.toFixed()} of work), messages ${messages}, slowest ${delivery.toFixed()} ms, ${(peak / 1048576).toFixed()} MiB, stall ${stall.toFixed()} ms`;
  return `${faults.length === 0 ? 'held  ' : 'BROKEN'} ${round.attack}: ${figures}${counted.length === 0 ? '' : `\n         ${counted.join('; ')}`}\n`;
};

try {
  // What else the machine does is not measured, as far as this process may have it so.
  setPriority(-5);
} catch {
  process.stdout.write('other work on this machine counts: root alone may come before it\n');
}

let failed = 0;
for (const site of SHAPES)
  for (const count of WORKERS)
    for (const attack of Object.keys(ATTACKS).filter((name) => name.includes(part))) {
      const target = await openTarget({ shape: site, workers: count, heap: HEAP });
      try {
        await warmUp(target);
        const round = await runRound(target, attack, { seconds: Number(seconds), reloading: attack === 'reloads' });
        failed += Number(broken(round).length > 0);
        process.stdout.write(`${site}, ${count} ${told(round)}`);
      } finally {
        await target.stop();
      }
    }
process.exitCode = failed > 0 ? 1 : 0;
