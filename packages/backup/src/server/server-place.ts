import type { Disk } from '@exprsn/core/disk'
import type { PostgresInstallation } from './installation.ts'
import type { ServerUser } from './server-user.ts'
import type { Watchdog } from './watchdog.ts'

/** Where one server lives, and what it is made of. */
export interface ServerPlace {
  readonly disk: Disk
  readonly user: ServerUser | undefined
  /** The server's own temporary folder: socket, generated configuration and, unless one was given, the data. */
  readonly folder: string
  readonly dataFolder: string
  readonly installation: PostgresInstallation
  readonly watchdog: Watchdog
}
