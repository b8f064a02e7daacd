/** The hooks of the SMTP dialogue and of delivery, in the order in which they run. */
export const HOOKS = [
  'connect_init',
  'lookup_rdns',
  'connect',
  'helo',
  'auth',
  'mail',
  'rcpt',
  'data',
  'data_post',
  'queue',
  'get_mx',
  'delivered',
  'deferred',
  'bounce',
  'reset',
  'disconnect',
] as const;

export type Hook = (typeof HOOKS)[number];

const order: ReadonlyMap<string, number> = new Map(HOOKS.map((hook, index) => [hook, index]));

/** Narrows a word somebody wrote to a hook's name. */
export const isHook = (word: string): word is Hook => order.has(word);

/** Place of `hook` in the dialogue, from 0: a fact known from an earlier hook is known at every later one. */
export const hookOrder = (hook: Hook): number => order.get(hook) ?? -1;

/** Hooks at which a verdict is still a reply to the client. */
export const SESSION_HOOKS: readonly Hook[] = HOOKS.slice(0, HOOKS.indexOf('get_mx'));

/** Hooks that run for one recipient of a queued message. */
export const DELIVERY_HOOKS: readonly Hook[] = ['get_mx', 'delivered', 'deferred', 'bounce'];

/** Hooks at the end of something: effects only, no client is left to hear a verdict. */
export const ENDING_HOOKS: readonly Hook[] = ['reset', 'disconnect'];

/** Hooks at which the client is still waiting for a reply that `tarpit` can hold back. */
export const WAITING_HOOKS: readonly Hook[] = HOOKS.slice(0, HOOKS.indexOf('queue'));

/** Hooks at which the message is complete and may still be changed. */
export const MESSAGE_HOOKS: readonly Hook[] = ['data_post', 'queue'];
