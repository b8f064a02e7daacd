import { optional } from '../key.ts';
import { mapping } from '../nested-keys.ts';
import { bytes, count, time } from '../scalar-keys.ts';

export const limits = mapping('Limits that no client can exceed.', {
  message_size: bytes('Largest message (552 5.3.4).', '25MiB'),
  recipients: count('Recipients of one message (452 4.5.3).', 1000),
  connections: count('Connections at once (421 4.3.2).', 5000),
  connections_per_ip: count('Connections at once from one address, of IPv6 from one /64 (421 4.7.0).', 50),
  connection_rate_per_ip: count(
    'New connections per second from one address (IPv6: one /64), in bursts of up to ten times that; the rest are closed without a reply. Clients on 127.0.0.1, ::1 and Unix sockets are not counted.',
    50,
  ),
  errors: count(
    'Errors in one session before it is closed (421 4.7.0). Refused recipients are counted separately: beyond this number plus the recipients accepted so far, each is delayed by a second; ten times this number with none accepted closes the session.',
    10,
  ),
  commands: count('Commands in a session that bring no message, on top of one for each recipient it may name (421 4.7.0).', 1000),
  auth_failures: count('Failed logins of one session before it is closed (421 4.7.0).', 3),
  auth_failures_per_ip: count(
    'Failed logins from one address (IPv6: one /64) before it must wait: a minute, doubled each time up to an hour (454 4.7.0). Users who have logged in from there before are not affected.',
    10,
  ),
  auth_failures_per_user: count('The same for one user name, from addresses it has not logged in from before.', 20),
  command_line: bytes('Longest command line.', '2KiB'),
  header_size: bytes('Largest header of a message.', '256KiB'),
  mime_parts: count('Parts of one message that are inspected.', 1000),
  received: count('Received fields before a message counts as looping (554 5.4.6).', 50),
  idle: time(
    'Time allowed for the next command, and for a message on top of what `min_data_rate` allows, before the session is closed (421 4.4.2).',
    '5m',
  ),
  min_data_rate: bytes('Bytes of a message that gain a client another second.', '500'),
  idle_under_stress: time('The same as `idle` for strangers when 80% of the connections, the memory or the descriptors are used.', '10s'),
  handshake: time('Time for a TLS handshake.', '30s'),
  memory: optional(
    bytes(
      'Memory that all sessions together may use; beyond it, those using the most are closed (421 4.3.1). If omitted, half of the heap or of the machine’s memory, whichever is less.',
    ),
  ),
  session: time('Age at which a session is closed.', '1h'),
  hook: time('Time for one hook, look-ups included; after it, 451.', '30s'),
  shutdown: time('Time for open transactions and deliveries when the relay stops.', '30s'),
});
