import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Round } from '../row.ts';
import { type Contender, contend, freePort } from './contender.ts';
import { cpuOf } from './cpu.ts';
import { openSink, type Sink } from './sink.ts';
import { writeSite } from './site.ts';
import { type Load, send } from './source.ts';

const FLOOR = fileURLToPath(new URL('floor.ts', import.meta.url));
const OURS = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

interface Arena {
  readonly root: string;
  readonly sink: Sink;
}

const startFloor = async ({ root, sink }: Arena): Promise<Contender> => {
  const port = await freePort();
  return contend(port, ['--import', import.meta.resolve('tsx'), FLOOR, String(port), String(sink.port), join(root, 'floor.journal')]);
};

/** The relay as it was built, on a site of its own. */
const startRelay = async ({ root, sink }: Arena, { main, workers }: { main: string; workers: number }): Promise<Contender> => {
  const port = await freePort();
  const config = writeSite(join(root, `relay-${port}`), { port, sink: sink.port, workers });
  return contend(port, [main, 'serve', '-c', config], join(root, `relay-${port}`));
};

/** Microseconds of CPU that a contender needs to accept, keep and pass on one message. */
const costOf = async ({ port, pid }: Contender, sink: Sink, load: Load): Promise<number> => {
  const before = cpuOf(pid);
  await Promise.all([sink.arrivals(load.messages), send(port, load)]);
  return ((cpuOf(pid) - before) * 1e6) / load.messages;
};

const contest = async (contenders: { readonly ours: Contender; readonly floor: Contender }, sink: Sink, load: Load): Promise<Round> => ({
  ours: await costOf(contenders.ours, sink, load),
  floor: await costOf(contenders.floor, sink, load),
});

/**
 * Relays the same mail through us and through the floor, in turn. `BENCH_MAIN` names the main file of another build to put
 * in the floor's place, so that two builds are compared in one run.
 */
export const relaying = async (load: Load & { readonly workers?: number }, rounds: number): Promise<readonly Round[]> => {
  const arena = { root: await mkdtemp(join(tmpdir(), 'relay-bench-')), sink: await openSink() };
  const { workers = 1 } = load;
  const other = process.env.BENCH_MAIN;
  const started: Contender[] = [];
  const starting = async (contender: Promise<Contender>): Promise<Contender> => {
    started.push(await contender);
    return contender;
  };
  try {
    const ours = await starting(startRelay(arena, { main: OURS, workers }));
    const floor = await starting(other === undefined ? startFloor(arena) : startRelay(arena, { main: other, workers }));
    const measured: Round[] = [];
    for (let round = 0; round <= rounds; round++) measured.push(await contest({ ours, floor }, arena.sink, load));
    return measured.slice(1);
  } finally {
    await Promise.all(started.map((contender) => contender.stop()));
    arena.sink.close();
    await rm(arena.root, { recursive: true, force: true });
  }
};
