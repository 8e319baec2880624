import type { DiskStat } from '@exprsn/core/disk'
import { createWorkerPool, workerEntry } from '@exprsn/core/workers'
import type { RestRows } from '../rest/rest-rows.ts'
import type { RowLines } from '../rest/row-lines.ts'
import type { Gathered, RowRange } from './gather-rows.ts'
import type { Joined } from './join-part.ts'
import type { JoinTasks } from './join.worker.ts'
import type { OpenMovements } from './open-movements.ts'
import type { TupleLists } from './row-tuples.ts'

/** A file that another thread opens by its path, and what shows that it is the same. */
export interface ThreadSource extends Omit<OpenMovements, 'file'> {
  readonly path: OpenMovements['file']['path']
  readonly stat: Pick<DiskStat, 'device' | 'inode' | 'modifiedAt'>
}

/** What a thread needs for `gatherRows`. */
export interface GatherTask {
  readonly left: ThreadSource
  readonly right: ThreadSource
  readonly ranges: readonly RowRange[]
  /** The memory of `Turns`. */
  readonly turns: Int32Array
  readonly parts: number
}

/** What a thread needs for `PartJoiner`. */
export interface JoinTask {
  readonly left: readonly TupleLists[]
  readonly right: readonly TupleLists[]
  /** The memory of `Turns`. */
  readonly turns: Int32Array
  readonly parts: number
}

/** What a thread needs for `readRest`. */
export interface RestTask {
  readonly source: ThreadSource
  /** Where the rows begin, ascending. */
  readonly places: Float64Array
  /** Begins the identifiers of the rows. */
  readonly side: string
}

/** What a thread joined, of how many parts. */
export interface PartsJoined {
  readonly done: number
  readonly joined: Joined
}

/** Threads that take turns with the one that asks. Whatever a thread fails at is undefined: somebody else has to do it. */
export interface JoinThreads {
  gather(task: GatherTask, signal: AbortSignal | undefined): Promise<Gathered | undefined>[]
  join(task: JoinTask, signal: AbortSignal | undefined): Promise<PartsJoined | undefined>[]
  rest(task: RestTask, signal: AbortSignal | undefined): Promise<RestRows | undefined>
  digest(lines: RowLines, signal: AbortSignal | undefined): Promise<string | undefined>
  close(): Promise<void>
}

/** MiB: what a thread makes is forgotten with the next row. */
const maxYoungMemory = 4

/** Starts threads when they are asked for something. */
export function createJoinThreads(threads: number): JoinThreads {
  const pool = createWorkerPool<JoinTasks>({
    entry: workerEntry(import.meta.url, './join.worker.ts', 'reconcile'),
    threads,
    maxYoungMemory,
  })
  const each = <Result>(run: () => Promise<Result>): Promise<Result | undefined>[] =>
    Array.from({ length: threads }, () => run().catch(() => undefined))
  return {
    gather: (task, signal) => each(() => pool.run('gather', task, { signal })),
    join: (task, signal) => each(() => pool.run('join', task, { signal })),
    rest: (task, signal) => pool.run('rest', task, { signal }).catch(() => undefined),
    digest: (lines, signal) => pool.run('digest', lines, { signal }).catch(() => undefined),
    close: () => pool.close({ deadline: 0 }),
  }
}
