import type { DiskStat } from '@exprsn/core/disk'
import { createWorkerPool, workerEntry } from '@exprsn/core/workers'
import type { matchHandedRows, MatchTask } from '../rest/match-rows.ts'
import type { PairNames } from '../rest/match-names.ts'
import type { ReportLines } from '../rest/report-lines.ts'
import type { RestRows } from '../rest/rest-rows.ts'
import type { JoinedRows } from '../rest/rest-table.ts'
import type { Gathered, RowRange } from './gather-rows.ts'
import type { Joined } from './join-part.ts'
import type { JoinTasks } from './join.worker.ts'
import type { OpenMovements } from './open-movements.ts'
import { memoryOf, type TupleLists } from './row-tuples.ts'

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
  readonly shares: number
}

/** What a thread needs for `joinShare`. */
export interface JoinTask {
  /** They move to the thread. */
  readonly left: readonly TupleLists[]
  readonly right: readonly TupleLists[]
}

/** What a thread needs for `readRest`. */
export interface RestTask {
  readonly source: ThreadSource
  /** Where the rows begin, ascending. */
  readonly places: Float64Array
  /** Begins the identifiers of the rows. */
  readonly side: string
}

/** Threads that help the one that asks. Whatever a thread fails at is undefined: somebody else has to do it. */
export interface JoinThreads {
  readonly count: number
  gather(task: GatherTask, signal: AbortSignal | undefined): Promise<Gathered | undefined>[]
  join(task: JoinTask, signal: AbortSignal | undefined): Promise<Joined | undefined>
  rest(task: RestTask, signal: AbortSignal | undefined): Promise<RestRows | undefined>
  number(rows: JoinedRows, signal: AbortSignal | undefined): Promise<number | undefined>
  match(task: MatchTask, signal: AbortSignal | undefined): Promise<ReturnType<typeof matchHandedRows> | undefined>
  digestReport(lines: ReportLines, signal: AbortSignal | undefined): Promise<string | undefined>
  namePairs(names: PairNames, signal: AbortSignal | undefined): Promise<number | undefined>
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
  const none = (): undefined => undefined
  return {
    count: threads,
    gather: (task, signal) => Array.from({ length: threads }, () => pool.run('gather', task, { signal }).catch(none)),
    join: (task, signal) =>
      pool.run('join', task, { signal, transfer: memoryOf([...task.left, ...task.right]) }).catch(none),
    rest: (task, signal) => pool.run('rest', task, { signal }).catch(none),
    number: (rows, signal) => pool.run('number', rows, { signal }).catch(none),
    match: (task, signal) => pool.run('match', task, { signal }).catch(none),
    digestReport: (lines, signal) => pool.run('digestReport', lines, { signal }).catch(none),
    namePairs: (names, signal) => pool.run('namePairs', names, { signal }).catch(none),
    close: () => pool.close({ deadline: 0 }),
  }
}
