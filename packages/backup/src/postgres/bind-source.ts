import { join } from 'node:path'
import { joinPath } from '@exprsn/core/disk'
import { fromPostgresTime } from '../replication/postgres-time.ts'
import type { BackupSource, ContentId, Snapshot, SourceContext, SourceResult } from '../repository/index.ts'
import type { SnapshotProblem } from '../repository/snapshot/snapshot.ts'
import type { WalReceiver } from '../wal/wal-receiver.ts'
import { createArchiver } from './archive/archiver.ts'
import { changeArchive } from './archive/change-archive.ts'
import { takeBaseBackup } from './base/take-base-backup.ts'
import { loadEvidence } from './drill/evidence-store.ts'
import { runDrill } from './drill/run-drill.ts'
import { postgresSourceErrors } from './errors.ts'
import { isLostForGood, startOver } from './start-over.ts'
import { restoreTable } from './table/restore-table.ts'
import { incrementalParent } from './incremental-parent.ts'
import { backupCatalogue } from './known-backups.ts'
import type { BoundSource, SourceHost } from './point-in-time.ts'
import { createReceiving } from './receiving.ts'
import { restoreToPoint } from './restore/restore-to-point.ts'
import { sourceAlerts } from './source-alerts.ts'
import { sourceFigures } from './source-figures.ts'
import type { PostgresSourceSettings } from './source-options.ts'
import { unneededSegments } from './trim-archive.ts'
import { recoverableWindows, type KnownBackup } from './windows.ts'

/** A source with settings and engine. `since` is when it was bound, milliseconds since 1970. */
export function bindSource(settings: PostgresSourceSettings, host: SourceHost, since: number): BoundSource {
  const { connector, receiveWal, archiveEvery, disk } = settings
  const { name, repository, clock, logger } = host
  const slot = settings.slot ?? `exprsn_${name.toLowerCase().replace(/[^a-z0-9_]/g, '_')}`.slice(0, 63)
  const spool = settings.spool ?? defaultSpool(host)
  const archiver = createArchiver({ repository, source: name, spool, disk, clock, logger })
  const receiving = createReceiving({ connector, slot, spool, archiver, archiveEvery, disk, clock, logger })
  const catalogue = backupCatalogue(repository, logger)
  let started = false

  const backups = async (signal: AbortSignal | undefined): Promise<KnownBackup[]> =>
    catalogue.known(await (await repository).snapshots({ source: name }, { signal }), signal)

  /** A base backup is the way out of a gap: the log goes on behind it. */
  const receive = async (): Promise<{ readonly receiver: WalReceiver; readonly problems: SnapshotProblem[] }> => {
    try {
      return { receiver: await receiving.use(), problems: [] }
    } catch (error) {
      if (!isLostForGood(error)) throw error
      await startOver({ connector, slot, spool, archiver, disk, logger })
      const receiver = await receiving.use()
      return { receiver, problems: [{ path: `/${name}/wal`, kind: 'skipped', detail: error.message }] }
    }
  }

  const backup = async (context: SourceContext): Promise<SourceResult> => {
    const { signal, onProgress } = context
    const { receiver, problems } = await receive()
    try {
      const session = await context.session()
      const parent = await incrementalParent(session, await backups(signal), settings, signal)
      const taken = await takeBaseBackup({
        ...{ connector, receiver, archiver, session, parent, clock, onProgress, signal, label: `exprsn ${name}` },
        ...{ checkpoint: settings.checkpoint, maxRate: settings.maxRate, chunkSize: settings.chunkSize },
        ...{ dataFolder: settings.dataFolder, disk },
      })
      const { tree, files, folders, bytes } = taken
      const rest = { excludes: [], omitted: [], problems, problemCount: problems.length }
      return { ...rest, tree, files, folders, bytes, paths: [`/${name}`], filesRead: files }
    } finally {
      await receiving.release({ dropSlot: !receiveWal })
    }
  }

  const source: BackupSource = {
    kind: 'postgres',
    backup,
    restore: async ({ snapshot, into, onProgress, signal }) => {
      const restored = await restore({ from: snapshot.id, into: String(into), until: 'immediate', onProgress, signal })
      return { files: 0, folders: 0, bytes: restored.bytes, problems: [] }
    },
  }

  const restore: BoundSource['restore'] = async ({ from, ...wanted }) => {
    const { reader } = await repository
    // What has come since the last pass is part of what can be restored.
    const archive =
      receiving.position() === undefined
        ? await archiver.load(wanted.signal)
        : await archiver.archive({ partial: true, signal: wanted.signal })
    const known = await backups(wanted.signal)
    return restoreToPoint({ source: name, reader, backups: known, from, archive, disk, clock, logger }, wanted)
  }

  /** What it takes to boot what is restored. */
  const throwAway = async (signal: AbortSignal | undefined) => {
    const latest = (await backups(signal)).at(-1)
    if (latest === undefined) {
      const details = { source: name, target: 'any moment', window: 'nothing' }
      throw postgresSourceErrors.BACKUP_POSTGRES_NO_BACKUP(details)
    }
    const { serverVersion, extensions, locales } = latest.facts
    const major = Math.floor(serverVersion / 10_000)
    return { restore, connectTo: settings.connectTo, major, needs: { extensions, locales }, disk, clock, logger }
  }

  return {
    source,
    restore,
    async restoreTable(options) {
      const context = await throwAway(options.signal)
      // Most tables can be read without the extensions that others need.
      return restoreTable({ ...context, needs: { ...context.needs, extensions: [] } }, options)
    },
    async drill(options = {}) {
      const context = await throwAway(options.signal)
      return runDrill({ ...context, source: name, repository: await repository }, options)
    },
    drills: async ({ signal } = {}) => loadEvidence(await repository, name, signal),
    start() {
      if (started || !receiveWal) return
      started = true
      receiving.keep()
    },
    async close() {
      if (started) await receiving.release()
      started = false
    },
    recoverable: async ({ signal } = {}) => recoverableWindows(await backups(signal), await archiver.load(signal)),
    async retainable(snapshots) {
      const known = new Map((await catalogue.known(snapshots)).map((each) => [each.snapshot.id, each.facts]))
      const dated = snapshots.map((snapshot) => {
        const facts = known.get(snapshot.id)
        return facts === undefined ? snapshot : { ...snapshot, time: new Date(fromPostgresTime(facts.stoppedAt)) }
      })
      const needs = ({ id }: Snapshot): ContentId[] => {
        const parentTree = known.get(id)?.parentTree
        return snapshots.filter(({ tree }) => tree === parentTree).map((parent) => parent.id)
      }
      return { snapshots: dated, needs }
    },
    async trim(policy, { signal } = {}) {
      const known = (await backups(signal)).map(({ facts }) => facts)
      let removed = 0
      await archiver.exclusively(async (before) => {
        const loaded = before.cluster === undefined ? undefined : before
        const isUnneeded = unneededSegments(known, policy, clock.now())
        const remove = (segment: Parameters<typeof isUnneeded>[0]): boolean => isUnneeded(segment) && ++removed > 0
        return changeArchive({ repository: await repository, source: name, clock, before: loaded, remove, signal })
      })
      return removed
    },
    figures: sourceFigures({ connector, slot, receiving, archiver, clock }),
    alerts: async ({ signal } = {}) => {
      const drills = settings.drillAlert === undefined ? [] : await loadEvidence(await repository, name, signal)
      return sourceAlerts({ ...settings, name, slot, receiving, archiver, clock, drills, since })
    },
  }
}

function defaultSpool({ name, cacheFolder }: SourceHost): string {
  return cacheFolder === undefined ? join('.exprsn', name, 'wal') : String(joinPath(cacheFolder, join(name, 'wal')))
}
