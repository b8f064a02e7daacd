import { type ChildProcess, fork } from 'node:child_process';
import { extname, join } from 'node:path';
import { isFromLoader, type LoadAnswer, type LoadOrder, type ToLoader } from './messages.ts';
import { SnapshotReceiver } from './transfer.ts';

/** Beside this file, compiled like it or not. */
const LOADER = join(import.meta.dirname, `loader-process${extname(import.meta.filename)}`);

/** What loading may take. */
export interface LoadBounds {
  /** Milliseconds. */
  readonly time: number;
  /** Of the process's heap, in MiB. */
  readonly memory: number;
}

/** A site of 10,000 rules and a million list entries takes a few seconds and half of this memory. */
const LOAD_BOUNDS: LoadBounds = { time: 120_000, memory: 2048 };

/** How long a process waits for the next reload: a series of them costs one start, a quiet relay no memory. Milliseconds. */
const STANDBY = 10_000;

const refused = (reason: string): LoadAnswer => ({ snapshot: null, reason });

/**
 * Reads, checks and tests sites in a process of its own, which cannot keep this one waiting and can be ended whatever
 * it does. It is started when it is needed, and ends when it has had nothing to do for a while.
 */
export class Loader {
  readonly #bounds: LoadBounds;
  #process: ChildProcess | null = null;
  #standby: NodeJS.Timeout | null = null;

  constructor(bounds = LOAD_BOUNDS) {
    this.#bounds = bounds;
  }

  /** One at a time. Never rejects: what takes too long, takes too much or dies is the reason why there is no snapshot. */
  async load(order: Omit<LoadOrder, 'say'>): Promise<LoadAnswer> {
    if (this.#standby) clearTimeout(this.#standby);
    const loader = this.#process ?? this.#start();
    loader.ref();
    loader.channel?.ref();
    const answer = await this.#ask(loader, { say: 'load', ...order });
    loader.unref();
    loader.channel?.unref();
    this.#standby = setTimeout(() => this.#end(loader), STANDBY).unref();
    return answer;
  }

  #start(): ChildProcess {
    const loader = fork(LOADER, {
      execArgv: [...process.execArgv, `--max-old-space-size=${this.#bounds.memory}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const gone = (): void => {
      if (this.#process === loader) this.#process = null;
    };
    loader.on('exit', gone);
    loader.on('error', gone);
    this.#process = loader;
    return loader;
  }

  #end(loader: ChildProcess): void {
    if (this.#process === loader) this.#process = null;
    loader.kill('SIGKILL');
  }

  #ask(loader: ChildProcess, order: LoadOrder): Promise<LoadAnswer> {
    const receiver = new SnapshotReceiver();
    return new Promise((resolve) => {
      const answered = (answer: LoadAnswer): void => {
        clearTimeout(timer);
        loader.off('message', hear).off('error', failed).off('exit', died);
        resolve(answer);
      };
      const hear = (message: unknown): void => {
        if (!isFromLoader(message)) return;
        if (message.say === 'snapshot' || message.say === 'bytes') {
          receiver.hear(message);
          this.#say(loader, { say: 'piece-taken' });
        } else answered(message.say === 'refused' ? refused(message.reason) : { snapshot: receiver.take() });
      };
      const failed = (error: Error): void => answered(refused(`the process that reads the site cannot be started: ${error.message}`));
      const died = (code: number | null, signal: string | null): void => answered(refused(this.#deathOf(code, signal)));
      const timer = setTimeout(() => {
        this.#end(loader);
        answered(refused(`reading the site took longer than ${this.#bounds.time / 1000} s`));
      }, this.#bounds.time);
      loader.on('message', hear).on('error', failed).on('exit', died);
      this.#say(loader, order);
    });
  }

  /** A loader that has ended hears nothing, and its exit tells the rest. */
  #say(loader: ChildProcess, message: ToLoader): void {
    loader.send(message, () => undefined);
  }

  /** V8 aborts a process whose heap is full. */
  #deathOf(code: number | null, signal: string | null): string {
    return signal === 'SIGABRT' || code === 134
      ? `reading the site took more than ${this.#bounds.memory} MiB of memory`
      : `the process that read the site ended early (${signal ?? `exit code ${code}`})`;
  }
}
