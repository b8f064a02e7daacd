import type { Hook } from './hook.ts';
import type { LimitSyntax } from './syntax.ts';

/** The hooks that run once for each event a limit counts, or where its number is known. */
export const COUNTED_AT: Readonly<Record<LimitSyntax['count'], readonly Hook[]>> = {
  connections: ['connect_init', 'lookup_rdns', 'connect', 'helo', 'auth'],
  messages: ['mail', 'data', 'data_post', 'queue'],
  recipients: ['rcpt', 'data', 'data_post', 'queue'],
  bytes: ['data_post', 'queue'],
};
