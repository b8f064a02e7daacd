import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PROJECT } from '../../kit/project.ts';
import type { Account } from './account.ts';

const MAIN = resolve(PROJECT, process.env.RELAYCTL_MAIN ?? 'dist/cli/main.js');

/** What strace does to one system call of the relay: `signal=SIGKILL:when=3`, `error=EIO:when=2..5`. */
export interface Injection {
  readonly call: string;
  readonly what: string;
}

const straceArguments = ({ call, what }: Injection): readonly string[] => [
  '-f',
  '-o',
  '/dev/null',
  '-e',
  `trace=${call}`,
  '-e',
  `inject=${call}:${what}`,
];

export interface RelayRunOptions {
  readonly root: string;
  readonly account: Account;
  /** From the first system call on. */
  readonly injected?: Injection;
}

/** `relayctl serve` as a process of its own. Its output goes into files, so that nothing it said before its death is lost. */
export class RelayRun {
  readonly child: ChildProcess;
  readonly #account: Account;
  readonly #log: string;
  readonly #said: string;
  readonly #began = performance.now();
  #tracer: ChildProcess | null = null;
  #heard = 0;
  /** Of the first listener; empty before it is ready. */
  address = '';
  /** From exec to the line `ready`. Milliseconds. */
  startTime = 0;

  constructor({ root, account, injected }: RelayRunOptions) {
    this.#account = account;
    this.#log = join(root, 'log');
    this.#said = join(root, 'said');
    this.#heard = existsSync(this.#log) ? statSync(this.#log).size : 0;
    const [out, err] = [openSync(this.#said, 'w'), openSync(this.#log, 'a')];
    const relay = [process.execPath, MAIN, 'serve', '-c', join(root, 'config/relay.yaml')];
    const [command = '', ...args] = injected ? ['strace', ...straceArguments(injected), ...relay] : relay;
    this.child = spawn(command, args, { stdio: ['ignore', out, err], detached: true });
    closeSync(out);
    closeSync(err);
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** True when it accepts mail, false if it ended before. */
  async ready(patience = 20_000): Promise<boolean> {
    while (!this.hasEnded && performance.now() - this.#began < patience) {
      const [, address] = /^ready mx=(\S+)/.exec(readFileSync(this.#said, 'utf8')) ?? [];
      if (address !== undefined) {
        this.startTime = performance.now() - this.#began;
        this.address = address;
        return true;
      }
      await pause(3);
    }
    return false;
  }

  /** From now on; resolves when strace has hold of it. */
  async inject(injection: Injection): Promise<void> {
    const tracer = spawn('strace', [...straceArguments(injection), '-p', String(this.child.pid)], { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#tracer = tracer;
    await Promise.race([once(tracer.stderr, 'data'), once(tracer, 'exit')]);
  }

  /** Lets go of it. */
  async release(): Promise<void> {
    if (!this.#tracer || this.#tracer.exitCode !== null || this.#tracer.signalCode !== null) return;
    const gone = once(this.#tracer, 'exit');
    this.#tracer.kill('SIGTERM');
    await gone;
    this.#tracer = null;
  }

  /** Its worker processes. */
  workers(): readonly number[] {
    const { pid } = this.child;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return children
      .split(' ')
      .map(Number)
      .filter((child) => child > 0);
  }

  /** Takes in what its log has said up to now. */
  hear(): void {
    const said = readFileSync(this.#log);
    const end = said.lastIndexOf('\n') + 1;
    const lines = said.toString('utf8', this.#heard, end);
    for (const [, address = ''] of lines.matchAll(/^.*"recipient":"([^"]+)".*"msg":"delivered"/gm)) this.#account.recorded(address);
    this.#heard = end;
  }

  /** Lines of its log with this text. */
  logged(text: string): readonly string[] {
    return readFileSync(this.#log, 'utf8')
      .split('\n')
      .filter((line) => line.includes(text));
  }

  /** Ends it, and whatever runs it, at once. */
  kill(): void {
    if (this.child.pid !== undefined && !this.hasEnded) process.kill(-this.child.pid, 'SIGKILL');
  }

  /** Resolves to its exit code when it has ended by itself or was killed; all it said has been heard. */
  async ended(patience = 60_000): Promise<number | null> {
    const late = setTimeout(() => this.kill(), patience);
    if (!this.hasEnded) await once(this.child, 'exit');
    clearTimeout(late);
    await this.release();
    this.hear();
    return this.child.exitCode;
  }

  /** SIGTERM, and its exit code. */
  async stop(): Promise<number | null> {
    if (!this.hasEnded) this.child.kill('SIGTERM');
    return this.ended();
  }
}
