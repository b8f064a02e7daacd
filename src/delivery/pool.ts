import type { NextHopConnection } from './client/connection.ts';

interface Idle {
  readonly connection: NextHopConnection;
  readonly timer: NodeJS.Timeout;
}

/** Limits on reuse, as of when a connection is given back. */
export interface ReuseLimits {
  readonly idle: number;
  readonly messagesPerConnection: number;
}

/**
 * Idle connections, by destination key. The most recently used is taken first, so that surplus
 * ones time out and close.
 */
export class ConnectionPool {
  readonly #idle = new Map<string, Idle[]>();
  readonly #live = new Set<NextHopConnection>();

  /** Tracks a connection from when it is being opened until it closes. */
  adopt(connection: NextHopConnection): void {
    this.#live.add(connection);
    connection.once('end', () => this.#live.delete(connection));
  }

  /** Aborts everything in progress. */
  abort(): void {
    for (const connection of [...this.#live]) connection.close();
  }

  /** An idle connection to the destination, ready for MAIL; `null` if there is none. */
  take(key: string): NextHopConnection | null {
    const idle = this.#idle.get(key);
    for (let last = idle?.pop(); last; last = idle?.pop()) {
      clearTimeout(last.timer);
      if (idle?.length === 0) this.#idle.delete(key);
      if (last.connection.usable) return last.connection;
    }
    return null;
  }

  /** Keeps a connection for the next message, or says QUIT if it has reached its limits. */
  giveBack(key: string, connection: NextHopConnection, limits: ReuseLimits): void {
    if (!connection.usable) return;
    if (connection.messages >= limits.messagesPerConnection) {
      connection.quit();
      return;
    }
    const entry = { connection, timer: setTimeout(() => this.#retire(key, entry), limits.idle) };
    connection.onLost = () => this.#drop(key, entry);
    const idle = this.#idle.get(key);
    if (idle) idle.push(entry);
    else this.#idle.set(key, [entry]);
  }

  /** Says QUIT on every idle connection. */
  close(): void {
    for (const [key, idle] of this.#idle) for (const entry of [...idle]) this.#retire(key, entry);
  }

  #retire(key: string, entry: Idle): void {
    entry.connection.onLost = null;
    this.#drop(key, entry);
    if (entry.connection.usable) entry.connection.quit();
  }

  #drop(key: string, entry: Idle): void {
    clearTimeout(entry.timer);
    const idle = this.#idle.get(key);
    if (!idle) return;
    const at = idle.indexOf(entry);
    if (at >= 0) idle.splice(at, 1);
    if (idle.length === 0) this.#idle.delete(key);
  }
}
