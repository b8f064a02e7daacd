import type { MessageContents, Services } from '../policy/services.ts';
import type { Resolver } from './resolver.ts';
import type { OpenMessage } from './signed-message.ts';

/** What all services share. */
export interface ServiceTools {
  /** One cache for all connections. */
  readonly resolver: Resolver;
}

/** One transaction and its message. */
export interface TransactionContext {
  readonly message: OpenMessage;
  readonly content: MessageContents;
}

/** A service that look-up facts ask: one file of `services/`. `Config`: its keys of config/relay.yaml. */
export interface Service<Name extends keyof Services, Config = unknown> {
  readonly name: Name;
  /**
   * Called once for all connections: opens no socket and asks nothing. What it returns binds the service to one
   * transaction, and is called when the transaction makes its first look-up.
   */
  readonly open: (config: Config, tools: ServiceTools) => (context: TransactionContext) => Services[Name];
}
