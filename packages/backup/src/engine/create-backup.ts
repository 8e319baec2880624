import { milliseconds, silentLogger, systemClock, type Timer } from '@exprsn/core'
import { cron, type Schedule } from '@exprsn/core/schedule'
import { repositoryErrors, type BackupSource, type Snapshot } from '../repository/index.ts'
import { recordSnapshots } from '../evidence/index.ts'
import { contextOf } from '../repository/repository-context.ts'
import { isPointInTimeSource, type BoundSource } from '../postgres/point-in-time.ts'
import { checkPolicy, planRetention, type RetentionPlan } from '../retention/index.ts'
import { checkRepository } from '../verify/index.ts'
import { alertKeeper } from './alert-keeper.ts'
import { findAlerts, type BackupAlert } from './alerts.ts'
import type { Backup, BackupStatus } from './backup.ts'
import { backupMeter } from './backup-metrics.ts'
import type { BackupOptions, BackupSchedule } from './backup-options.ts'
import { diffSnapshots } from './diff-snapshots.ts'
import { backupErrors } from './errors.ts'
import type { BackupEvent } from './events.ts'
import { createReplicas } from './replicas.ts'
import { runSource, type RunResult } from './run-source.ts'

/**
 * Sets up backups of some sources into one repository: runs, restores, retention, checks, replicas, schedules and alerts.
 * Nothing happens before the first call or `start`.
 *
 * @throws `BACKUP_OPTION_INVALID`, `BACKUP_RETENTION_INVALID`
 * @example
 * ```ts no-run
 * import { createBackup, filesSource, openRepository } from '@exprsn/backup'
 * import { folderStore } from '@exprsn/core/storage'
 *
 * const store = folderStore({ path: '/var/backups/app' })
 * const backup = createBackup({
 *   repository: openRepository({ store, password: process.env.BACKUP_PASSWORD ?? '', create: 'if-missing' }),
 *   sources: { uploads: filesSource({ paths: ['./uploads'] }) },
 *   retention: { daily: 7, weekly: 4, monthly: 12 },
 * })
 * const { id, added } = await backup.run('uploads')
 * await backup.restore('uploads', { from: id, into: './restored' })
 * ```
 */
export function createBackup<const Name extends string>(options: BackupOptions<Name>): Backup<Name> {
  const { sources, retention, scheduler, clock = systemClock, logger = silentLogger } = options
  const names = Object.keys(sources) as Name[]
  const schedules = readSchedules(options, names)
  if (retention !== undefined) checkPolicy(retention)
  const repository = Promise.resolve(options.repository)
  // Whoever calls first is told; a promise that nobody asked about yet must not end the process.
  repository.catch(() => {})
  const meter = options.metrics && backupMeter(options.metrics)
  const emit = (event: BackupEvent): void => {
    meter?.event(event, clock.now())
    try {
      options.onEvent?.(event)
    } catch (error) {
      logger.warn({ error }, 'A listener to backup events has failed.')
    }
  }
  const keeper = alertKeeper(options.notify, emit, logger)
  const replicas = createReplicas(repository, options.replicate ?? [], emit)
  const { cacheFolder } = options
  const bound = new Map<Name, BoundSource>()
  for (const name of names) {
    const source: BackupSource = sources[name]
    if (isPointInTimeSource(source)) bound.set(name, source.bind({ name, repository, cacheFolder, clock, logger }))
  }
  const failures = new Map<Name, string>()
  const running = new Map<Promise<unknown>, Name>()
  const since = clock.now()
  let lastCheck: BackupStatus['lastCheck']
  let timer: Timer | undefined
  let started = false
  let closed = false

  const sourceOf = (name: Name): BackupSource => {
    if (Object.hasOwn(sources, name)) return bound.get(name)?.source ?? sources[name]
    throw backupErrors.BACKUP_SOURCE_UNKNOWN({ source: name, known: names.join(', ') })
  }

  const continuous = (name: Name): BoundSource => {
    sourceOf(name)
    const found = bound.get(name)
    if (found === undefined) throw backupErrors.BACKUP_SOURCE_NOT_CONTINUOUS({ source: name })
    return found
  }

  const own = async (name: Name, signal: AbortSignal | undefined): Promise<Snapshot[]> =>
    (await repository).snapshots({ source: name }, { signal })

  const find = async (name: string, signal: AbortSignal | undefined): Promise<Snapshot> =>
    (await repository).snapshot(name, { signal })

  /** The snapshot exists already: a log that cannot be written is an event, not a failure of the run. */
  async function record(signal: AbortSignal | undefined): Promise<void> {
    if (options.snapshotLog !== true) return
    try {
      await recordSnapshots(await repository, { signal })
    } catch (error) {
      signal?.throwIfAborted()
      emit({ kind: 'log-failed', error })
    }
  }

  async function run(
    name: Name,
    { tags = [], onProgress, signal }: Parameters<Backup<Name>['run']>[1] = {},
  ): Promise<RunResult> {
    const source = sourceOf(name)
    const all = [...(options.tags ?? []), ...tags]
    const context = { name, source, repository, tags: all, cacheFolder, clock, logger, onProgress, signal }
    const work = runSource(context)
    running.set(work, name)
    try {
      const result = await work
      failures.delete(name)
      emit({ kind: 'run-completed', source: name, result })
    } catch (error) {
      failures.set(name, error instanceof Error ? error.message : String(error))
      emit({ kind: 'run-failed', source: name, error })
      throw error
    } finally {
      running.delete(work)
    }
    await record(signal)
    if (replicas.count > 0) await replicas.update(signal)
    return work
  }

  async function forget({ dryRun = false, signal }: Parameters<Backup<Name>['forget']>[0] = {}) {
    const plans = {} as Record<Name, RetentionPlan>
    if (retention === undefined) return plans
    const { hostname } = contextOf(await repository)
    for (const name of names) {
      const snapshots = (await own(name, signal)).filter((each) => each.hostname === hostname)
      const retainable = (await bound.get(name)?.retainable(snapshots)) ?? { snapshots, needs: undefined }
      const plan = planRetention(retainable.snapshots, retention, {
        now: new Date(clock.now()),
        needs: retainable.needs,
      })
      plans[name] = plan
      if (dryRun) continue
      const planned = plan.remove.map(({ id }) => id)
      const ids = planned.length === 0 ? [] : await (await repository).forget(planned, { signal })
      if (ids.length > 0) {
        emit({ kind: 'forgotten', source: name, snapshots: ids })
        await record(signal)
      }
      await bound.get(name)?.trim(retention, { signal })
    }
    return plans
  }

  const check: Backup<Name>['check'] = async (checkOptions) => {
    const report = await checkRepository(await repository, checkOptions)
    lastCheck = { time: new Date(clock.now()), ok: report.ok, problems: report.problems.length }
    emit({ kind: 'checked', report })
    return report
  }

  const prune: Backup<Name>['prune'] = async (pruneOptions) => {
    const result = await (await repository).prune(pruneOptions)
    emit({ kind: 'pruned', result })
    return result
  }

  async function lockLonger(signal: AbortSignal | undefined): Promise<void> {
    const open = await repository
    if (contextOf(open).lock !== undefined)
      emit({ kind: 'locks-extended', replica: undefined, locks: await open.extendLocks({ signal }) })
    await replicas.extendLocks(signal)
  }

  const status: Backup<Name>['status'] = async ({ signal } = {}) => {
    const open = await repository
    const now = clock.now()
    const facts = await Promise.all(
      names.map(async (name) => ({
        name,
        snapshots: await own(name, signal),
        schedule: schedules.get(name),
        failure: failures.get(name),
      })),
    )
    const lags = await replicas.status(now, signal)
    const limits = {
      now,
      since,
      missedAfter: milliseconds(options.missedAfter ?? '1h'),
      lagAfter: milliseconds(options.lagAfter ?? '1d'),
    }
    const sourceAlerts = await Promise.all([...bound.values()].map((each) => each.alerts({ signal })))
    const found = findAlerts(
      {
        sources: facts,
        replicas: lags.map(({ name, missing, age }) => ({ name, snapshots: missing, age })),
        checkProblems: lastCheck?.problems ?? 0,
      },
      limits,
    )
    const alerts = [...found, ...sourceAlerts.flat()]
    return {
      ok: alerts.length === 0,
      repository: open.id,
      sources: facts.map(({ name, snapshots, schedule, failure }) => ({
        name,
        snapshots: snapshots.length,
        lastSnapshot: lastOf(snapshots),
        lastFailure: failure,
        running: [...running.values()].includes(name),
        nextRun: nextOf(schedule, now),
      })),
      replicas: lags,
      lastCheck,
      alerts,
    }
  }

  const watch = async ({ signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<
    readonly BackupAlert[]
  > => {
    const { alerts, sources: states } = await status({ signal })
    if (meter !== undefined) {
      for (const { name, lastSnapshot } of states)
        if (lastSnapshot !== undefined) meter.lastSnapshot(name, lastSnapshot.time)
      for (const [name, source] of bound) {
        meter.figures(name, await source.figures({ signal }))
        const lastGood = (await source.drills({ signal })).findLast(({ ok }) => ok)
        if (lastGood !== undefined) meter.drill(lastGood)
      }
    }
    await keeper.update(alerts)
    return alerts
  }

  const maintain: Backup<Name>['maintain'] = async ({ signal } = {}) => {
    await forget({ signal })
    await lockLonger(signal)
    await prune({ signal })
    const report = await check({ level: 2, ...options.check, signal })
    await watch({ signal })
    return report
  }

  const keepWatching = (): void => {
    const again = (): void => {
      void watch()
        .catch((error: unknown) => logger.error({ error }, 'The state of the backups could not be looked at.'))
        .then(() => (closed ? undefined : keepWatching()))
    }
    timer = clock.setTimer(again, milliseconds(options.watchEvery ?? '5m'), { background: true })
  }

  const backup: Backup<Name> = {
    run,
    forget,
    check,
    prune,
    status,
    watch,
    maintain,
    async list(name, { signal } = {}) {
      if (name === undefined) return (await repository).snapshots({}, { signal })
      sourceOf(name)
      return own(name, signal)
    },
    async restore(name, { from = 'latest', into, include, onProgress, signal, ...pointInTime }) {
      const source = sourceOf(name)
      const withLog = bound.get(name)
      if (withLog !== undefined) {
        const id = from === 'latest' ? undefined : (await find(from, signal)).id
        const until = pointInTime.until ?? (id === undefined ? 'latest' : 'immediate')
        const wanted = { ...pointInTime, from: id, until, into: String(into), onProgress, signal }
        const cluster = await withLog.restore(wanted)
        return { files: 0, folders: 0, bytes: cluster.bytes, problems: [], cluster }
      }
      const snapshot = from === 'latest' ? (await own(name, signal)).at(-1) : await find(from, signal)
      if (snapshot === undefined) throw repositoryErrors.BACKUP_SNAPSHOT_NOT_FOUND({ snapshot: `of ${name}` })
      const { createReader } = await import('../repository/reader/create-reader.ts')
      const reader = createReader(contextOf(await repository), { walks: true })
      return source.restore({ snapshot, reader, into, include, clock, logger, onProgress, signal })
    },
    async *diff(before, after, { signal } = {}) {
      const { reader } = await repository
      yield* diffSnapshots(reader, await find(before, signal), await find(after, signal), signal)
    },
    async *entries(snapshot, path, entriesOptions) {
      yield* (await repository).entries(snapshot, path, entriesOptions)
    },
    async *open(snapshot, path, openOptions) {
      yield* (await repository).open(snapshot, path, openOptions)
    },
    recoverable: async (name, callOptions) => continuous(name).recoverable(callOptions),
    restoreTable: async (name, tableOptions) => continuous(name).restoreTable(tableOptions),
    async drill(name, drillOptions) {
      const evidence = await continuous(name).drill(drillOptions)
      meter?.drill(evidence)
      return evidence
    },
    drills: async (name, callOptions) => continuous(name).drills(callOptions),
    replicate: async ({ signal } = {}) => replicas.update(signal),
    async stats({ signal } = {}) {
      const { repositoryStats } = await import('./stats.ts')
      return repositoryStats(await repository, signal)
    },
    start() {
      if (started) return
      started = true
      for (const each of bound.values()) each.start()
      for (const [name, when] of schedules)
        scheduler?.add({ id: `backup:${name}`, when, run: ({ signal }) => run(name, { signal }).then(() => {}) })
      const maintenance = options.maintenance && scheduleOf(options.maintenance)
      if (maintenance)
        scheduler?.add({
          id: 'backup-maintenance',
          when: maintenance,
          run: ({ signal }) => maintain({ signal }).then(() => {}),
        })
      keepWatching()
    },
    async close() {
      closed = true
      timer?.cancel()
      await Promise.allSettled(running.keys())
      await Promise.all([...bound.values()].map((each) => each.close()))
    },
    [Symbol.asyncDispose]: () => backup.close(),
  }
  return backup
}

const invalid = (reason: string) => backupErrors.BACKUP_OPTION_INVALID({ reason })

function readSchedules<Name extends string>(options: BackupOptions<Name>, names: readonly Name[]): Map<Name, Schedule> {
  if (names.length === 0) throw invalid('there are no sources')
  for (const name of names)
    if (!/^[\w.-]{1,100}$/.test(name) || /^\.+$/.test(name))
      throw invalid(`"${name}" is no name of a source (letters, digits, "_", "-", ".")`)
  const entries = Object.entries(options.schedule ?? {}) as [Name, BackupSchedule | undefined][]
  for (const [name] of entries)
    if (!names.includes(name)) throw invalid(`the schedule names the unknown source ${name}`)
  if (options.scheduler === undefined && (entries.length > 0 || options.maintenance !== undefined))
    throw invalid('a schedule needs a scheduler')
  return new Map(entries.flatMap(([name, when]) => (when === undefined ? [] : [[name, scheduleOf(when)] as const])))
}

function scheduleOf(when: BackupSchedule): Schedule {
  return typeof when === 'string' ? cron(when, { zone: 'UTC' }) : when
}

function lastOf(snapshots: readonly Snapshot[]): { readonly id: string; readonly time: Date } | undefined {
  const last = snapshots.at(-1)
  return last && { id: last.id, time: last.time }
}

function nextOf(schedule: Schedule | undefined, now: number): Date | undefined {
  const next = schedule?.next(now)
  return next === undefined ? undefined : new Date(next)
}
