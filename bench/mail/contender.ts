import { type ChildProcess, spawn } from 'node:child_process';
import net from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** A relay that is measured: a process on this port of 127.0.0.1, and those that it starts. */
export interface Contender {
  readonly port: number;
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/** For it to greet. Milliseconds. */
const START = 60_000;

export const freePort = async (): Promise<number> => {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
};

const greets = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('close', () => resolve(false));
    socket.once('data', () => {
      socket.end('QUIT\r\n');
      resolve(true);
    });
  });

const stopped = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
};

/** Starts Node with these arguments and waits until it greets on the port. What it says goes to our standard error. */
export const contend = async (port: number, args: readonly string[], cwd?: string): Promise<Contender> => {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], cwd });
  const until = performance.now() + START;
  while (!(await greets(port))) {
    if (child.exitCode !== null || performance.now() > until) throw new Error(`nothing greets: node ${args.join(' ')}`);
    await pause(50);
  }
  return { port, pid: child.pid ?? 0, stop: () => stopped(child) };
};
