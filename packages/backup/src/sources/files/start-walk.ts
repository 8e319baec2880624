import { ExprsnError, type Logger } from '@exprsn/core'
import type { SnapshotProblem } from '../../repository/index.ts'
import { loadOwnerNames } from './owner-names.ts'
import type { SavedTree } from './save-tree.ts'
import { emptyCache, type StatCache } from './stat-cache.ts'
import { walkFiles, type Walk, type WalkSession } from './walk-files.ts'
import { walkInThread } from './walk-thread.ts'

/** A walk that is to be made. */
export interface PlannedWalk extends Omit<Walk, 'owners'> {
  readonly exclude: readonly string[]
  /** Whether another thread can do it: it has the system's disk and calls only. */
  readonly movable: boolean
  readonly session: Promise<WalkSession>
  /** Nanoseconds since 1970. */
  readonly startedAt: bigint
  /** Names the cache of what is found; undefined: there is none. */
  readonly variant: string | undefined
  readonly onBytes: (bytes: number) => void
  readonly logger: Logger
  readonly signal: AbortSignal | undefined
}

/** What came of a walk. */
export interface EndedWalk {
  readonly saved: SavedTree
  readonly problems: { readonly first: readonly SnapshotProblem[]; readonly count: number }
  /** For the cache; undefined where it has it all. */
  readonly found: Uint8Array | undefined
}

/** Walks with what the last run found; undefined when that belongs to another snapshot than the parent or the calls are gone. */
export async function walkAgain(planned: PlannedWalk, cache: StatCache): Promise<EndedWalk | undefined> {
  const { disk, logger, variant } = planned
  const walk = { ...planned, owners: await loadOwnerNames(disk) }
  const warn = (err: unknown, message: string): void => logger.warn({ err }, message)
  const ended = await walkFiles(walk, { ...planned, cache, warn })
  return ended && { ...ended, found: variant === undefined ? undefined : cache.encode(ended.saved.tree, variant) }
}

/** Walks without knowing anything, which is much: in a thread of its own, where that can be. */
export async function walkAnew(planned: PlannedWalk): Promise<EndedWalk> {
  const { posix, startedAt, logger } = planned
  if (planned.movable) {
    const { paths, exclude, chunker, threads, variant } = planned
    const order = { paths, exclude, chunker, threads, variant, startedAt, withPosix: posix !== undefined }
    try {
      return await walkInThread(order, planned)
    } catch (error) {
      if (!ExprsnError.is(error) || error.code !== 'CORE_WORKERS_ENTRY_FAILED') throw error
      logger.warn({ err: error }, 'Files are read without worker threads')
    }
  }
  return (await walkAgain(planned, emptyCache(startedAt)))!
}
