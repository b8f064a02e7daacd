import type { RelayLog } from '../logs/log.ts';

/** A fault nobody foresaw: what is durable stays so, and whoever supervises the process starts it anew. */
export const dieLoudly =
  ({ log, flush }: RelayLog) =>
  (err: unknown): never => {
    log.fatal({ err }, 'unexpected error, stopping');
    flush();
    process.exit(1);
  };
