import { join, resolve } from 'node:path'
import { systemRandom, type Clock, type Logger, type Random } from '@exprsn/core'
import { systemDisk, type Disk } from '@exprsn/core/disk'
import { chooseInstallation } from './choose-installation.ts'
import { serverErrors } from './errors.ts'
import { settingsForExistingCluster, takeOver } from './existing-cluster.ts'
import { initialiseCluster } from './initialise.ts'
import type { PostgresInstallation } from './installation.ts'
import { launch } from './launch.ts'
import type { PostgresServer } from './postgres-server.ts'
import { removeFolders } from './remove-folders.ts'
import { runnableBinFolder } from './runnable-installation.ts'
import { runningServer } from './running-server.ts'
import { makeServerFolder, serverFolderPath } from './server-folder.ts'
import type { ServerPlace } from './server-place.ts'
import { serverUser } from './server-user.ts'
import { sweepServerFolders } from './sweep.ts'
import { startWatchdog } from './watchdog.ts'

/** Options of {@link startPostgres}. */
export interface StartPostgresOptions {
  /** @default the newest that `findPostgres` finds, for an existing data folder the newest of its major version */
  readonly installation?: PostgresInstallation | undefined
  /** Picks among the installations found. @default any */
  readonly major?: number | undefined
  /** Where `findPostgres` resolves the npm package from. */
  readonly resolveFrom?: string | undefined
  /**
   * Where npm binaries that cannot run in place are copied to, once for all later servers; only this user may be able
   * to write there, or the folder must be sticky. @default the temporary folder
   */
  readonly binariesFolder?: string | undefined
  /**
   * An existing cluster to boot, such as a restored one. Its files are given to the server's user when this process is
   * root. @default a new cluster in a temporary folder
   */
  readonly dataFolder?: string | undefined
  /** Makes a new cluster in `dataFolder`, which must be empty or missing. @default false when `dataFolder` is given */
  readonly initialise?: boolean | undefined
  /** Removes the data folder when the server is stopped, or this process dies. @default false when `dataFolder` is given */
  readonly disposable?: boolean | undefined
  /** Server settings, as on its command line: `{ wal_level: 'replica', fsync: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>> | undefined
  /** `socket` is closed to other users of the machine, `tcp` listens on 127.0.0.1. @default 'socket' */
  readonly listen?: 'socket' | 'tcp' | undefined
  /** @default a free one for `tcp`; for `socket`, where it only names the socket file, 5432 */
  readonly port?: number | undefined
  /** The superuser's password, set when a cluster is made; without one every connection is trusted. */
  readonly password?: string | undefined
  /**
   * Whether an existing cluster trusts every connection, or checks it by its own `pg_hba.conf`.
   * @default 'trust' for `socket`, 'cluster' for `tcp`
   */
  readonly authentication?: 'trust' | 'cluster' | undefined
  /** `readable` is enough for a standby, which never becomes writable. @default 'writable' */
  readonly readyWhen?: 'writable' | 'readable' | undefined
  /** Ends the start, which then leaves nothing behind; a recovery may take long. The running server is not affected. */
  readonly signal?: AbortSignal | undefined
  /** @default silentLogger */
  readonly logger?: Logger | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
  /** @default systemDisk */
  readonly disk?: Disk | undefined
}

/**
 * Starts a PostgreSQL server that belongs to this process: it does not keep the process alive, and when the process
 * ends, even by SIGKILL, the server is stopped and its temporary folder removed within seconds.
 * As root the server runs as the user `postgres` or `nobody`. It resolves when connections are accepted.
 *
 * @throws `BACKUP_SERVER_NOT_FOUND`, `…_MAJOR_NOT_FOUND`, `…_VERSION_MISMATCH`, `…_NOT_A_DATA_FOLDER`,
 * `…_PLATFORM_UNSUPPORTED`, `…_USER_MISSING`, `…_BINARIES_UNREACHABLE`, `…_INITIALISE_FAILED`, `…_START_FAILED`,
 * `…_PORT_TAKEN`, `…_DATA_FOLDER_IN_USE`, `…_DATA_FOLDER_UNREACHABLE`, or the signal's reason.
 * @example
 * ```ts no-run
 * import { startPostgres } from '@exprsn/backup/server'
 *
 * await using server = await startPostgres()
 * console.log(server.installation.version.text, server.connection)
 * ```
 */
export async function startPostgres(options: StartPostgresOptions = {}): Promise<PostgresServer> {
  const { disk = systemDisk, random = systemRandom, binariesFolder, signal } = options
  signal?.throwIfAborted()
  if (process.platform === 'win32')
    throw serverErrors.BACKUP_SERVER_PLATFORM_UNSUPPORTED({ platform: process.platform })
  const user = await serverUser(disk)
  await sweepServerFolders(disk)
  const installation = await chooseInstallation({ ...options, disk })

  const folder = serverFolderPath('postgres', random)
  const dataFolder = options.dataFolder === undefined ? join(folder, 'data') : resolve(options.dataFolder)
  const disposable = options.disposable ?? options.dataFolder === undefined
  const removable = disposable && options.dataFolder !== undefined ? [folder, dataFolder] : [folder]
  const place: ServerPlace = { disk, user, folder, dataFolder, installation, watchdog: startWatchdog(removable) }
  try {
    await makeServerFolder(disk, folder, user)
    const binFolder = await runnableBinFolder(installation, { disk, user, folder, signal, binariesFolder })
    const settings = await prepareCluster(place, binFolder, options)
    const started = await launch(place, binFolder, { ...options, settings })
    return runningServer(place, started, { ...options, disposable })
  } catch (error) {
    await removeFolders(disk, removable)
    place.watchdog.release()
    throw error
  }
}

async function prepareCluster(place: ServerPlace, binFolder: string, options: StartPostgresOptions) {
  const { disk, user, folder, dataFolder, installation, watchdog } = place
  const { settings = {}, listen = 'socket', password, signal } = options
  if (options.initialise ?? options.dataFolder === undefined) {
    const { major } = installation.version
    await disk.makeFolder(dataFolder, { permissions: 0o700 })
    if (user !== undefined) await disk.setOwner(dataFolder, user.userId, user.groupId)
    const command = { cwd: folder, user, signal, guard: watchdog }
    await initialiseCluster({ disk, binFolder, major, dataFolder, password, ...command })
    return settings
  }
  await takeOver(disk, dataFolder, user)
  const trust = (options.authentication ?? (listen === 'socket' ? 'trust' : 'cluster')) === 'trust'
  return { ...(await settingsForExistingCluster(disk, { dataFolder, folder, trust })), ...settings }
}
