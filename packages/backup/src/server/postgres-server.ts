import type { PostgresInstallation } from './installation.ts'
import type { ServerExit } from './server-process.ts'

/** How to connect to a server: the fields that `pg` and others take. */
export interface PostgresServerConnection {
  /** A host name, or the folder of the Unix socket. */
  readonly host: string
  /** The TCP port, or the number in the socket's name. */
  readonly port: number
  readonly user: string
  readonly database: string
}

/** Options of {@link PostgresServer.stop}. */
export interface StopPostgresOptions {
  /**
   * PostgreSQL's shutdown modes: `fast` ends the sessions, `smart` waits for them, `immediate` crashes, so that the
   * next start recovers from the WAL. @default 'fast'
   */
  readonly mode?: 'fast' | 'immediate' | 'smart' | undefined
  /** Leaves the data folder there, also one that would have been removed. @default false */
  readonly keep?: boolean | undefined
}

/** A running PostgreSQL server. It does not keep the process alive and does not outlive it. */
export interface PostgresServer {
  /** The superuser and its database. */
  readonly connection: PostgresServerConnection
  readonly dataFolder: string
  readonly installation: PostgresInstallation
  /** Process id of the postmaster. */
  readonly processId: number
  /** The last 2,000 lines of the server's log, oldest first. */
  log(): readonly string[]
  /** Resolves when the server has ended, for whatever reason; never rejects. */
  readonly exited: Promise<ServerExit>
  /**
   * Stops the server and removes its temporary folder; afterwards, and after a crash, it only cleans up.
   * A `fast` stop that takes longer than 10 s becomes an `immediate` one.
   */
  stop(options?: StopPostgresOptions): Promise<void>
  /** Sends a signal to the postmaster alone: a crash test. False when it has ended. */
  kill(signal: NodeJS.Signals): boolean
  /** The same as `stop()`. */
  [Symbol.asyncDispose](): Promise<void>
}
