import type { MessageContents, Services } from '../policy/services.ts';
import type { Resolver } from './resolver.ts';
import type { OpenMessage } from './signed-message.ts';

/** Shared by all services. */
export interface ServiceTools {
  /** One cache for all connections. */
  readonly resolver: Resolver;
}

/** One transaction and its message. */
export interface TransactionContext {
  readonly message: OpenMessage;
  readonly content: MessageContents;
}

/** A service used by look-up facts, one per file in `services/`. `Config`: its keys of config/relay.yaml. */
export interface Service<Name extends keyof Services, Config = unknown> {
  readonly name: Name;
  /**
   * Called once for all connections; opens no socket and makes no query. The function it returns binds the service to
   * one transaction, and is called at the transaction's first look-up.
   */
  readonly open: (config: Config, tools: ServiceTools) => (context: TransactionContext) => Services[Name];
}
