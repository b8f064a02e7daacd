import { type ChildProcess, fork } from 'node:child_process';
import { extname, join } from 'node:path';
import type { Answer, Order } from './analysis.ts';

/** Beside this file, compiled like it or not. */
const PROCESS = join(import.meta.dirname, `analyst-process${extname(import.meta.filename)}`);

/** What reading a site may take: milliseconds, and MiB of heap. */
export interface AnalystBounds {
  readonly time: number;
  readonly memory: number;
}

const BOUNDS: AnalystBounds = { time: 120_000, memory: 2048 };

const isAnswer = (message: unknown): message is Answer => typeof message === 'object' && message !== null && 'say' in message;

/** Reads sites in a process of its own, one order after the other. It is started when it is needed, and again when it had to be ended. */
export class Analyst {
  readonly #bounds: AnalystBounds;
  #process: ChildProcess | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(bounds = BOUNDS) {
    this.#bounds = bounds;
  }

  /** Never rejects: what takes too long, takes too much or dies is a fault. */
  ask(order: Order): Promise<Answer> {
    const answer = this.#last.then(() => this.#ask(order));
    this.#last = answer;
    return answer;
  }

  close(): void {
    this.#closed = true;
    this.#end();
  }

  #start(): ChildProcess {
    const started = fork(PROCESS, {
      execArgv: [...process.execArgv, `--max-old-space-size=${this.#bounds.memory}`],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const gone = (): void => {
      if (this.#process === started) this.#process = null;
    };
    started.on('exit', gone).on('error', gone);
    this.#process = started;
    return started;
  }

  #end(): void {
    this.#process?.kill('SIGKILL');
    this.#process = null;
  }

  #ask(order: Order): Promise<Answer> {
    if (this.#closed) return Promise.resolve({ say: 'fault', reason: 'the server is ending' });
    const analyst = this.#process ?? this.#start();
    return new Promise((resolve) => {
      const answered = (answer: Answer): void => {
        clearTimeout(timer);
        analyst.off('message', hear).off('exit', died).off('error', failed);
        resolve(answer);
      };
      const hear = (message: unknown): void => {
        if (isAnswer(message)) answered(message);
      };
      const died = (code: number | null, signal: string | null): void =>
        answered({ say: 'fault', reason: `the process that reads the site ended (${signal ?? code})` });
      const failed = ({ message }: Error): void =>
        answered({ say: 'fault', reason: `the process that reads the site cannot be started: ${message}` });
      const timer = setTimeout(() => {
        this.#end();
        answered({ say: 'fault', reason: `reading the site took longer than ${this.#bounds.time / 1000} s` });
      }, this.#bounds.time);
      analyst.on('message', hear).on('exit', died).on('error', failed);
      analyst.send(order, (error) => {
        if (error) failed(error);
      });
    });
  }
}
