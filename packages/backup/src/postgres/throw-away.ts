import { join } from 'node:path'
import type { Clock, Logger, Random } from '@exprsn/core'
import { makeTemporaryFolder, removeTree, type Disk } from '@exprsn/core/disk'
import type { PostgresConnector } from '../replication/connection.ts'
import { waitForRecovery } from '../restore/wait-for-recovery.ts'
import type { PostgresServer, PostgresServerConnection } from '../server/index.ts'
import type { BoundSource } from './point-in-time.ts'
import type { ClusterNeeds } from './preflight.ts'
import type { RestoredCluster, RestoreToPointOptions } from './restore/restore-to-point.ts'

/** Options of {@link bootRestored}. */
export interface ThrowAwayOptions extends Omit<RestoreToPointOptions, 'into' | 'owner' | 'durable' | 'tablespaces'> {
  readonly from?: string | undefined
  /** Where the restored cluster lies meanwhile: as much room as it takes. @default the system's folder for temporary files */
  readonly temporaryFolder?: string | undefined
  /** Milliseconds that the server may take to recover. */
  readonly recoveryTimeout: number
  /** Whether the server writes as carefully as the original: what it takes to recover is measured then. */
  readonly measured: boolean
}

/** What {@link bootRestored} works with. */
export interface ThrowAwayContext {
  readonly restore: BoundSource['restore']
  readonly connectTo: (connection: PostgresServerConnection) => PostgresConnector
  /** The major version of the cluster. */
  readonly major: number
  /** What the cluster needs besides. */
  readonly needs: ClusterNeeds
  readonly disk: Disk
  readonly clock: Clock
  readonly logger: Logger
  readonly random?: Random | undefined
}

/** A restored cluster that runs until it is given up; then nothing is left of it. */
export interface ThrowAwayServer {
  readonly cluster: RestoredCluster
  readonly server: PostgresServer
  readonly connector: PostgresConnector
  /** Seconds that writing the files and replaying the log took. */
  readonly seconds: { readonly restore: number; readonly recover: number }
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * Restores into a temporary folder and boots it: a server of this process, which nobody else reaches, and which is gone
 * with this process at the latest.
 *
 * @throws What a restore throws, `BACKUP_SERVER_*`, and `BACKUP_POSTGRES_MACHINE_LACKS` before anything is restored
 */
export async function bootRestored(context: ThrowAwayContext, options: ThrowAwayOptions): Promise<ThrowAwayServer> {
  const { disk, clock, logger, random, major, needs } = context
  const { temporaryFolder, recoveryTimeout, measured, signal, ...wanted } = options
  // Loaded with the first drill: nothing else needs it.
  const { serverUser, startPostgres } = await import('../server/index.ts')
  const { chooseInstallation } = await import('../server/choose-installation.ts')
  // Before anything is restored, which may take hours.
  const installation = await chooseInstallation({ disk, major, signal })
  const { preflight } = await import('./preflight.ts')
  await preflight(disk, installation, needs, signal)
  const owner = await serverUser(disk)
  const folder = await makeTemporaryFolder(disk, { prefix: 'exprsn-restored-', within: temporaryFolder, random })
  // The server's user must be able to pass.
  await disk.setMode(folder, 0o711)
  let server: PostgresServer | undefined
  const giveUp = async (): Promise<void> => {
    await server?.stop({ mode: 'immediate' })
    await removeTree(disk, folder)
  }
  try {
    const begun = clock.monotonic()
    const cluster = await context.restore({ ...wanted, into: join(folder, 'data'), owner, durable: false, signal })
    const restored = clock.monotonic()
    server = await startPostgres({
      ...{ dataFolder: cluster.dataFolder, installation, signal, logger, clock, disk },
      // Libraries that this machine may lack, and what would reach out of it.
      settings: measured ? harmless : { ...harmless, fsync: 'off' },
    })
    const connector = context.connectTo(server.connection)
    await using sql = await connector.sql({ signal })
    await waitForRecovery(sql, { timeout: recoveryTimeout, clock, signal })
    const seconds = { restore: (restored - begun) / 1_000, recover: (clock.monotonic() - restored) / 1_000 }
    return { cluster, server, connector, seconds, [Symbol.asyncDispose]: giveUp }
  } catch (error) {
    await giveUp()
    throw error
  }
}

/**
 * What would reach out of the copy or hold it up: libraries that this machine may lack, subscriptions that would take what
 * belongs to the original, an archive that would be written into, standbys that would be waited for.
 */
const harmless: Readonly<Record<string, string>> = {
  shared_preload_libraries: '',
  archive_mode: 'off',
  synchronous_standby_names: '',
  max_logical_replication_workers: '0',
}
