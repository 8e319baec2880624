import type { CopyConnection, PostgresConnector } from '../replication/connection.ts'
import { settleSession } from './session-settings.ts'

/** Options of {@link openSessions}. */
export interface OpenSessionsOptions {
  readonly connector: PostgresConnector
  readonly database?: string | undefined
  /** Cuts the connections, whatever they do. */
  readonly signal?: AbortSignal | undefined
}

/** Connections that are closed together. */
export interface OpenSessions {
  /** Opens one that reads and writes values in one way. */
  open(): Promise<CopyConnection>
  [Symbol.asyncDispose](): Promise<void>
}

/** Keeps the connections of one export or import. */
export function openSessions({ connector, database, signal }: OpenSessionsOptions): OpenSessions {
  const opened: CopyConnection[] = []
  const cut = (): void => {
    for (const connection of opened) connection.destroy(signal?.reason)
  }
  signal?.addEventListener('abort', cut, { once: true })
  return {
    async open() {
      const connection = await connector.copying({ database, signal })
      opened.push(connection)
      await settleSession(connection)
      return connection
    },
    async [Symbol.asyncDispose]() {
      signal?.removeEventListener('abort', cut)
      await Promise.all(opened.map((connection) => connection.close()))
    },
  }
}
