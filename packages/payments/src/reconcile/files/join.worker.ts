import { systemDisk } from '@exprsn/core/disk'
import { serveTasks, withTransfer, type TaskContext } from '@exprsn/core/workers'
import { matchHandedRows, type MatchTask } from '../rest/match-rows.ts'
import { namePairs, type PairNames } from '../rest/match-names.ts'
import { readRest } from '../rest/read-rest.ts'
import { digestReport, type ReportLines } from '../rest/report-lines.ts'
import { RestKernel } from '../rest/rest-kernel.ts'
import type { JoinedRows } from '../rest/rest-table.ts'
import { numberRows } from '../rest/row-numbers.ts'
import { TableKernel } from '../rest/table-kernel.ts'
import { Currencies } from './currencies.ts'
import { fileInvalid } from './file-invalid.ts'
import { gatherRows, type Gathered } from './gather-rows.ts'
import { joinShare } from './join-share.ts'
import type { GatherTask, JoinTask, RestTask, ThreadSource } from './join-threads.ts'
import type { OpenMovements } from './open-movements.ts'
import { memoryOf, plainTuples } from './row-tuples.ts'
import { RowsKernel } from './rows-kernel.ts'
import { Turns } from './turns.ts'

/** The tasks of the worker, for the pool. */
export type JoinTasks = typeof tasks

/** Reads and joins shares of two files in a thread of its own. */
export const tasks = serveTasks({
  async gather({ left, right, ranges, turns: memory, parts, shares }: GatherTask, { signal }: TaskContext) {
    const turns = new Turns(ranges.length, memory)
    const opened: OpenMovements[] = []
    try {
      opened.push(await openAgain(left))
      opened.push(await openAgain(right))
      const currencies = new Currencies()
      if (left.currency !== undefined) currencies.numberOf(left.currency)
      const { nameless, ends, totals, ...sides } = await gatherRows({
        ...{ left: opened[0]!, right: opened[1]!, ranges, parts, shares, currencies, signal },
        kernel: RowsKernel.create({ parts, shares }),
        take: () => turns.take(),
        onBytes: (count) => turns.tell(count >> 10),
      })
      const [tuplesLeft, tuplesRight] = [plainTuples(sides.left), plainTuples(sides.right)]
      const gathered: Gathered = { left: tuplesLeft, right: tuplesRight, nameless, ends, totals }
      return withTransfer(gathered, memoryOf([...tuplesLeft, ...tuplesRight]))
    } finally {
      for (const { file } of opened) await file.close()
    }
  },

  join: ({ left, right }: JoinTask, { signal }: TaskContext) => joinShare(left, right, signal),

  number: (rows: JoinedRows) => numberRows(rows, TableKernel.create(rows.memory)),

  match: (task: MatchTask) => matchHandedRows(task),

  namePairs: (names: PairNames): number | undefined => namePairs(names),

  digestReport: (lines: ReportLines): string | undefined => digestReport(lines),

  async rest({ source, places, side }: RestTask, { signal }: TaskContext) {
    const opened = await openAgain(source)
    try {
      const currencies = new Currencies()
      if (source.currency !== undefined) currencies.numberOf(source.currency)
      const rows = await readRest(opened, places, { side, currencies, kernel: RestKernel.create() })
      signal.throwIfAborted()
      const { amounts, currencies: codes, days, spans, tokens, bytes } = rows
      return withTransfer(
        rows,
        [amounts, codes, days, spans, tokens, bytes].map(({ buffer }) => buffer as ArrayBuffer),
      )
    } finally {
      await opened.file.close()
    }
  },
})

async function openAgain({ path, stat, ...source }: ThreadSource): Promise<OpenMovements> {
  const file = await systemDisk.open(path, 'read')
  const now = await file.stat()
  if (now.inode === stat.inode && now.device === stat.device && now.modifiedAt === stat.modifiedAt)
    return { ...source, file }
  await file.close()
  throw fileInvalid(file, 0, 'it has changed since it was opened')
}
