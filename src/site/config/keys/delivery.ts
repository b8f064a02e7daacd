import { optional } from '../key.ts';
import { mapping, several } from '../nested-keys.ts';
import { count, flag, path, time } from '../scalar-keys.ts';

/* How mail leaves the relay, and where it waits. */

export const queue = mapping('Where mail waits for delivery.', {
  path: path('Folder of the queue; made with mode 0700 when it is missing.', { default: 'var/queue' }),
});

export const delivery = mapping('How often, how long and how busily delivery is tried.', {
  retry: several('Waiting time before the second attempt, the third, and so on; the last one repeats.', time('One waiting time.'), {
    minItems: 1,
    default: ['1m', '5m', '15m', '1h', '4h'],
  }),
  lifetime: time('Age at which mail that could not be delivered goes back to its sender.', '5d'),
  concurrency: count('Deliveries that may run at once, over all destinations.', 100),
  per_destination: count('Connections to one destination at once.', 20),
  local_mx: flag('Whether an MX may point to a loopback, private or documentation address; otherwise such mail fails.', false),
  delay_notice: optional(time('Age at which the sender is told, once, that delivery is late. Left out, no notice is sent.')),
});
