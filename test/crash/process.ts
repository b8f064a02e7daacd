import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { scriptFrom } from '../kit/main.ts';
import type { Promises } from './promises.ts';

const WRITER = scriptFrom(import.meta.dirname, 'writer');

export interface WriterOptions {
  readonly path: string;
  readonly prefix: string;
  readonly promises: Promises;
  /** Messages to write; no end if not given. */
  readonly most?: number;
  /** A command that runs the writer, strace for one. */
  readonly under?: readonly string[];
}

/** A process that writes into a store. What it says goes into a file, so that nothing it said before its death is lost. */
export class WriterRun {
  readonly child: ChildProcess;
  readonly #promises: Promises;
  readonly #log: string;
  #heard = 0;
  #ended = false;

  constructor(options: WriterOptions) {
    const { path, prefix, promises, most = 10_000_000, under = [] } = options;
    this.#promises = promises;
    this.#log = join(tmpdir(), `relayctl-writer-${process.pid}-${prefix}`);
    const said = openSync(this.#log, 'w');
    const [command = '', ...args] = [...under, process.execPath, ...WRITER, path, prefix, '20', String(most)];
    this.child = spawn(command, args, { stdio: ['ignore', said, 'inherit'], detached: true });
    closeSync(said);
  }

  /** Takes in all it has said up to now. */
  hear(): void {
    const said = readFileSync(this.#log);
    const end = said.lastIndexOf('\n') + 1;
    for (const line of said.toString('utf8', this.#heard, end).split('\n')) if (line !== '') this.#promises.hear(line);
    this.#heard = end;
  }

  /** The store is open, or the process has ended. */
  async ready(): Promise<void> {
    while (!this.#hasEnded() && !readFileSync(this.#log).includes('ready\n')) await pause(5);
  }

  /** Resolves when it has ended by itself or was killed, and all it said has been heard. */
  async ended(): Promise<void> {
    if (!this.#hasEnded()) await once(this.child, 'close');
    if (!this.#ended) this.hear();
    this.#ended = true;
    rmSync(this.#log, { force: true });
  }

  /** Ends it, and whatever runs it, at once. */
  kill(): void {
    if (this.child.pid !== undefined && !this.#hasEnded()) process.kill(-this.child.pid, 'SIGKILL');
  }

  #hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}
