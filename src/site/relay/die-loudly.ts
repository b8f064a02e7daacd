import type { RelayLog } from '../logs/log.ts';

/** An unexpected fault: what is durable stays so, and the supervisor restarts the process. */
export const dieLoudly =
  ({ log, flush }: RelayLog) =>
  (err: unknown): never => {
    log.fatal({ err }, 'unexpected error, stopping');
    flush();
    process.exit(1);
  };
