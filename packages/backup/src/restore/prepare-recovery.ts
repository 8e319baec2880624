import { dirname, join, resolve } from 'node:path'
import { copyFile, exists, readFile, removeTree, systemDisk, type Disk } from '@exprsn/core/disk'
import { isFreeForFolder } from '../files/is-free-for-folder.ts'
import { ownTree, type FileOwner } from '../files/own-tree.ts'
import { syncTree } from '../files/sync-tree.ts'
import { trackProgress } from '../progress/progress.ts'
import { timelineHistoryName } from '../replication/timeline.ts'
import { segmentName } from '../wal/segment.ts'
import { restoreErrors } from './errors.ts'
import {
  baseOf,
  planRecovery,
  type PlanRecoveryOptions,
  type RecoveryPlan,
  type RecoveryWindow,
} from './plan-recovery.ts'
import { recoverySettings, withRecoverySettings } from './recovery-settings.ts'

/** Options of {@link prepareRecovery}. */
export interface PrepareRecoveryOptions extends PlanRecoveryOptions {
  /** The data folder to make: it must not exist, or be empty. */
  readonly into: string
  /** New folders of tablespaces by their oid. @default `<into>-tablespaces/<oid>` */
  readonly tablespaces?: Readonly<Record<number, string>> | undefined
  /**
   * Gives the files to the user that the server will run as; needs root. `serverUser` of `@exprsn/backup/server` names
   * the one that `startPostgres` uses. @default they belong to this process's user
   */
  readonly owner?: FileOwner | undefined
  /** Whether the segments that are used are taken out of the folder instead of copied. @default false */
  readonly moveWal?: boolean | undefined
  /** Whether the restored files survive a power loss when the call returns. @default true */
  readonly durable?: boolean | undefined
}

/** A folder that is ready to boot. */
export interface PreparedRecovery {
  /** Boot it with `postgres -D`, or with `startPostgres({ dataFolder })`: it recovers first, then takes writes. */
  readonly dataFolder: string
  readonly tablespaces: readonly { readonly oid: number; readonly path: string }[]
  /** What was written into postgresql.auto.conf. */
  readonly settings: Readonly<Record<string, string>>
  readonly window: RecoveryWindow
  /** Bytes copied. */
  readonly bytes: number
}

/**
 * Makes a data folder that recovers to a point in time when it is booted: the base backup, the WAL it needs already in
 * place, and recovery settings in `postgresql.auto.conf`. Everything is checked before the first byte is copied; the
 * folder gets its name last, so a restore that breaks off is never taken for a cluster.
 *
 * The restored server does not archive (`archive_mode = off`): remove that line once it has taken the place of the
 * old one. PostgreSQL refuses to run as root: as root, pass `owner`.
 *
 * @throws What {@link planRecovery} throws, `BACKUP_RESTORE_FOLDER_NOT_EMPTY`, `BACKUP_RESTORE_NO_SPACE`, `CORE_DISK_*`
 * or the signal's reason; nothing is left behind then.
 * @example
 * ```ts no-run
 * import { prepareRecovery } from '@exprsn/backup'
 * import { startPostgres } from '@exprsn/backup/server'
 *
 * const until = { time: '2026-11-20T10:41:07.250Z' }
 * const { dataFolder } = await prepareRecovery({ base: '/backups/base-1', wal: '/backups/wal', into: '/restore/data', until })
 * await using server = await startPostgres({ dataFolder })
 * ```
 */
export async function prepareRecovery(options: PrepareRecoveryOptions): Promise<PreparedRecovery> {
  const { disk = systemDisk, durable = true, signal } = options
  const into = resolve(options.into)
  const partial = `${into}.partial`
  await assertFree(disk, into)
  const plan = await planRecovery(options)
  const tablespaces = plan.base.tablespaces.map((oid) => ({
    oid,
    path: resolve(options.tablespaces?.[oid] ?? join(`${into}-tablespaces`, String(oid))),
  }))
  for (const path of [...tablespaces.map((tablespace) => tablespace.path), ...tablespacesFolder(into, tablespaces)])
    await assertFree(disk, path)
  await assertSpace(disk, dirname(into), plan.base.bytes + plan.segments.length * plan.segmentSize)

  const settings = recoverySettings(plan.target, plan.path.length > 1 ? plan.path.at(-1)!.timeline : 'current')
  const made = [partial, ...tablespaces.map(({ path }) => path)]
  // The server must be able to pass through the folder that is made above the tablespaces.
  made.push(...tablespacesFolder(into, tablespaces))
  try {
    await removeTree(disk, partial)
    const bytes = await copyAll({ ...options, disk, signal }, { plan, partial, tablespaces })
    await writeRecoveryFiles(disk, partial, { tablespaces, settings })
    if (options.owner !== undefined) for (const folder of made) await ownTree(disk, folder, options.owner)
    if (durable) for (const folder of made) await syncTree(disk, folder)
    signal?.throwIfAborted()
    if (await exists(disk, into)) await disk.removeFolder(into)
    await disk.rename(partial, into)
    if (durable) await disk.fsyncFolder(dirname(into))
    return { dataFolder: into, tablespaces, settings, window: plan.window, bytes }
  } catch (error) {
    for (const folder of made) await removeTree(disk, folder)
    throw error
  }
}

async function assertFree(disk: Disk, path: string): Promise<void> {
  if (!(await isFreeForFolder(disk, path))) throw restoreErrors.BACKUP_RESTORE_FOLDER_NOT_EMPTY({ path })
}

/** Asked of the nearest folder that exists. */
async function assertSpace(disk: Disk, path: string, needed: number): Promise<void> {
  let place = path
  while (!(await exists(disk, place)) && dirname(place) !== place) place = dirname(place)
  const { free } = await disk.space(place)
  if (free < needed) throw restoreErrors.BACKUP_RESTORE_NO_SPACE({ needed, free, path: place })
}

interface Tablespace {
  readonly oid: number
  readonly path: string
}

function tablespacesFolder(into: string, tablespaces: readonly Tablespace[]): string[] {
  const folder = `${into}-tablespaces`
  return tablespaces.some(({ path }) => dirname(path) === folder) ? [folder] : []
}

interface CopyContext {
  readonly plan: RecoveryPlan
  readonly partial: string
  readonly tablespaces: readonly Tablespace[]
}

async function copyAll(
  options: PrepareRecoveryOptions & { readonly disk: Disk },
  { plan, partial, tablespaces }: CopyContext,
): Promise<number> {
  const { wal, disk, signal, onProgress, clock } = options
  const total = plan.base.bytes + plan.segments.length * plan.segmentSize
  const progress = trackProgress({ phase: 'copy', total, onProgress, clock })
  const copying = { disk, signal, onBytes: progress.advance }
  let bytes = await baseOf(options).copy({ dataFolder: partial, tablespaces }, copying)
  for (const segment of plan.segments) {
    const place = join(partial, 'pg_wal', segmentName(segment, plan.segmentSize))
    if (options.moveWal === true) await disk.rename(join(wal, segment.name), place)
    else await copyFile(disk, join(wal, segment.name), place, { signal, permissions: 0o600 })
    progress.advance(plan.segmentSize)
    bytes += plan.segmentSize
  }
  for (const { timeline } of plan.path.slice(1)) {
    const name = timelineHistoryName(timeline)
    await copyFile(disk, join(wal, name), join(partial, 'pg_wal', name), { signal, permissions: 0o600 })
  }
  progress.finish()
  return bytes
}

interface RecoveryFiles {
  readonly tablespaces: readonly Tablespace[]
  readonly settings: Readonly<Record<string, string>>
}

async function writeRecoveryFiles(disk: Disk, folder: string, { tablespaces, settings }: RecoveryFiles): Promise<void> {
  if (tablespaces.length > 0) {
    const lines = tablespaces.map(({ oid, path }) => `${oid} ${path.replace(/[\\\n\r]/g, '\\$&')}\n`)
    await replace(disk, join(folder, 'tablespace_map'), lines.join(''))
  }
  const automatic = join(folder, 'postgresql.auto.conf')
  const existing = (await exists(disk, automatic)) ? new TextDecoder().decode(await readFile(disk, automatic)) : ''
  await replace(disk, automatic, withRecoverySettings(existing, settings))
  // A backup of a standby brings it along, and the server would wait for its primary for ever.
  const standby = join(folder, 'standby.signal')
  if (await exists(disk, standby)) await disk.removeFile(standby)
  await append(disk, join(folder, 'recovery.signal'), '')
  // Some distributions keep the configuration elsewhere; a server does not start without these two.
  for (const [name, content] of missingConfiguration)
    if (!(await exists(disk, join(folder, name)))) await append(disk, join(folder, name), content)
}

const missingConfiguration = [
  // Without the old limits a hot standby could refuse to replay; nothing needs to read during recovery.
  [
    'postgresql.conf',
    '# Written by a restore: the source kept its configuration outside the data folder.\nhot_standby = off\n',
  ],
  ['pg_hba.conf', '# Written by a restore: only the owner of the server process gets in.\nlocal all all peer\n'],
] as const

async function replace(disk: Disk, path: string, text: string): Promise<void> {
  if (await exists(disk, path)) await disk.removeFile(path)
  await append(disk, path, text)
}

async function append(disk: Disk, path: string, text: string): Promise<void> {
  const file = await disk.open(path, 'append', { permissions: 0o600 })
  try {
    await file.write(new TextEncoder().encode(text), 0)
  } finally {
    await file.close()
  }
}
