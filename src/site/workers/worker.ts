/*
 * What runs in a worker process. It does what the primary tells it and opens no file of the site. Signals are
 * the primary's affair, but one that stops reaches all processes where a terminal or a supervisor sends it, so a
 * worker understands it too: the first ends it in good order, the second at once. Without its primary it ends.
 */
import cluster from 'node:cluster';
import { type FromWorker, isToWorker } from './messages.ts';
import { RemoteAdmission } from './remote-admission.ts';
import { RemoteLedger } from './remote-ledger.ts';
import { WorkerRuntime } from './runtime.ts';

/** A primary that is gone is reported by `disconnect`. */
const say = (message: FromWorker): void => {
  process.send?.(message, undefined, undefined, () => undefined);
};

const admission = new RemoteAdmission({
  enter: (call, ip) => say({ say: 'enter', call, ip }),
  leave: (ip) => say({ say: 'leave', ip }),
});
const ledger = new RemoteLedger((batch) => say({ say: 'count', ...batch }));
const runtime = new WorkerRuntime({ say, admission, ledger });

const stop = (): void => {
  if (runtime.isEnding) process.exit(0);
  runtime.end();
};
process.on('SIGTERM', stop);
process.on('SIGINT', stop);
process.on('SIGHUP', () => undefined);
process.on('SIGUSR2', () => undefined);

// The library would end the process the moment the primary is gone, in the middle of whatever it does.
if (cluster.worker) cluster.worker.exitedAfterDisconnect = true;
process.on('disconnect', () => {
  admission.shut();
  ledger.shut();
  runtime.end();
});

process.on('message', (message: unknown) => {
  if (isToWorker(message)) runtime.hear(message);
});
say({ say: 'hello' });
