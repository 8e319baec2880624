import { openReplica, replicaLag, replicate, type ReplicaOptions, type ReplicateReport } from '../replicate/index.ts'
import type { Repository } from '../repository/index.ts'
import type { ReplicaStatus } from './backup.ts'
import type { BackupEvent } from './events.ts'

/** The replicas of an engine, opened when they are first needed. */
export interface Replicas {
  readonly count: number
  update(signal: AbortSignal | undefined): Promise<Record<string, ReplicateReport | undefined>>
  /** Keeps the locks of those replicas that have some. */
  extendLocks(signal: AbortSignal | undefined): Promise<void>
  status(now: number, signal: AbortSignal | undefined): Promise<ReplicaStatus[]>
}

/** A replica that fails does not hold up the others, nor the backup. */
export function createReplicas(
  repository: Promise<Repository>,
  options: readonly ReplicaOptions[],
  emit: (event: BackupEvent) => void,
): Replicas {
  const opened = new Map<string, Repository>()
  const named = options.map((each, index) => ({
    name: each.name ?? (options.length === 1 ? 'replica' : `replica ${index + 1}`),
    options: each,
  }))

  const open = async (name: string, settings: ReplicaOptions, signal: AbortSignal | undefined): Promise<Repository> => {
    const replica = opened.get(name) ?? (await openReplica(await repository, settings, signal))
    opened.set(name, replica)
    return replica
  }

  return {
    count: named.length,
    async update(signal) {
      const reports: Record<string, ReplicateReport | undefined> = {}
      for (const { name, options: settings } of named) {
        try {
          const report = await replicate(await repository, await open(name, settings, signal), { signal })
          reports[name] = report
          emit({ kind: 'replicated', replica: name, report })
        } catch (error) {
          signal?.throwIfAborted()
          reports[name] = undefined
          emit({ kind: 'replicate-failed', replica: name, error })
        }
      }
      return reports
    },
    async extendLocks(signal) {
      for (const { name, options: settings } of named) {
        if (settings.lock === undefined) continue
        try {
          const locks = await (await open(name, settings, signal)).extendLocks({ signal })
          emit({ kind: 'locks-extended', replica: name, locks })
        } catch (error) {
          signal?.throwIfAborted()
          emit({ kind: 'replicate-failed', replica: name, error })
        }
      }
    },
    status: (now, signal) =>
      Promise.all(
        named.map(async ({ name, options: settings }): Promise<ReplicaStatus> => {
          try {
            const { snapshots, age } = await replicaLag(
              await repository,
              await open(name, settings, signal),
              now,
              signal,
            )
            return { name, missing: snapshots, age, failure: undefined }
          } catch (error) {
            signal?.throwIfAborted()
            const all = await (await repository).snapshots({}, { signal })
            const age = all[0] === undefined ? 0 : Math.max(0, now - all[0].time.getTime())
            return { name, missing: all.length, age, failure: error instanceof Error ? error.message : String(error) }
          }
        }),
      ),
  }
}
