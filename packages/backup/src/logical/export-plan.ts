import { createId } from '@exprsn/core'
import type { CopyConnection } from '../replication/connection.ts'
import { tableText, type ExportTable } from './describe-tables.ts'
import { logicalErrors } from './errors.ts'
import type { ExportFiles, ExportPlan, ExportSnapshot, PlannedTable, StoredPart } from './export-files.ts'
import { fingerprintOf, type ExportSettings } from './export-options.ts'
import { planParts, type PartRange } from './plan-parts.ts'

/** What is to be done, as it was decided when the export was begun, now or earlier. */
export async function exportPlan(
  files: ExportFiles,
  settings: ExportSettings,
  connection: CopyConnection,
  tables: readonly ExportTable[],
): Promise<ExportPlan> {
  const { prefix, clock, partSize, resume } = settings
  const fingerprint = fingerprintOf(settings)
  const begun = await files.readPlan()
  if (begun !== undefined) {
    if (!resume) throw logicalErrors.BACKUP_EXPORT_UNFINISHED({ prefix })
    const reason =
      begun.fingerprint === fingerprint ? changedTable(begun, tables) : 'tables, filters, masks or compression'
    if (reason !== undefined) throw logicalErrors.BACKUP_EXPORT_DIFFERS({ prefix, reason })
    return begun
  }
  const planned: PlannedTable[] = []
  for (const table of tables) {
    const { cut, ranges } = await planParts(connection, table, partSize)
    planned.push({ schema: table.schema, name: table.name, columns: columnsOf(table), cut, ranges })
  }
  const plan = { id: createId(), fingerprint, startedAt: new Date(clock.now()).toISOString(), tables: planned }
  await files.writePlan(plan)
  return plan
}

function changedTable(plan: ExportPlan, tables: readonly ExportTable[]): string | undefined {
  for (const planned of plan.tables) {
    const table = tables.find((each) => tableText(each) === tableText(planned))
    if (table === undefined) return `there is no table ${tableText(planned)} any more`
    if (JSON.stringify(columnsOf(table)) !== JSON.stringify(planned.columns))
      return `the columns of ${tableText(planned)} are others now`
  }
  return undefined
}

function columnsOf(table: ExportTable): (readonly [string, string])[] {
  return table.columns.map(({ name, type }) => [name, type] as const)
}

/** A part to copy. */
export interface PartJob {
  /** Index in the plan. */
  readonly table: number
  readonly range: PartRange
  readonly key: string
}

/** What is left to do, and what is there. */
export interface RemainingWork {
  readonly jobs: readonly PartJob[]
  readonly stored: ReadonlyMap<string, StoredPart>
  /** Keys of each table's parts, in order. */
  readonly keys: readonly (readonly string[])[]
}

/**
 * Parts that are stored are not copied again, with one exception: where rows belong to parts by the page that they lie on, parts of two moments
 * do not fit together, since a row that was updated in between could be in both, or in none.
 */
export async function remainingWork(
  files: ExportFiles,
  plan: ExportPlan,
  moment: ExportSnapshot,
): Promise<RemainingWork> {
  const jobs: PartJob[] = []
  const stored = new Map<string, StoredPart>()
  const keys: string[][] = []
  for (const [index, table] of plan.tables.entries()) {
    const own = table.ranges.map((range, part) => ({ table: index, range, key: files.partKey(index, table, part) }))
    const records = await Promise.all(own.map(({ key }) => files.readPart(key)))
    const moments = new Set(records.map((record) => record?.moment.snapshot ?? moment.snapshot))
    const isStale = table.cut === 'pages' && moments.size > 1
    for (const [part, job] of own.entries()) {
      const record = records[part]
      if (record === undefined) jobs.push(job)
      else if (isStale && record.moment.snapshot !== moment.snapshot) {
        // Before its object is replaced: a record must never speak of another content.
        await files.forgetPart(job.key)
        jobs.push(job)
      } else stored.set(job.key, record)
    }
    keys.push(own.map(({ key }) => key))
  }
  return { jobs, stored, keys }
}
