import type { Queryable } from './database.ts'

/** Something that was begun and can be ended. */
export interface Subscription {
  /** Ends it; no call comes afterwards. */
  close(): Promise<void>
}

/**
 * Messages between the processes that share a database, for what should not have to wait for the next poll. They carry
 * nothing and may be lost: whoever listens must also look by itself from time to time.
 */
export interface DatabaseNotifications {
  /** Rings for all that listen, when the transaction commits. */
  notify(tx: Queryable, channel: string): Promise<void>
  /**
   * Calls `onNotify` for every ring, and whenever the connection was made anew, since rings may have been missed. Never
   * throws: while there is no connection, it is tried again and again.
   */
  listen(channel: string, onNotify: () => void): Subscription
}
