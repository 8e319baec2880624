import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import type { Database, Queryable } from '../database/database.ts'
import type { MigrationNaming } from '../database/migration.ts'
import { tableNames } from '../database/table-names.ts'
import type { DatabaseAuditLog } from './audit-log.ts'
import { signCheckpoint, type AuditCheckpoint, type AuditSigner } from './checkpoint.ts'
import { auditErrors } from './errors.ts'
import { proveInclusion } from './inclusion.ts'
import { MerkleFrontier } from './merkle.ts'
import { linkEvent, type AuditEvent, type AuditHead } from './record.ts'
import { verifyAudit, type AuditEntry } from './verify-audit.ts'

/** Options of {@link databaseAudit}. */
export interface DatabaseAuditOptions extends MigrationNaming {
  /** With the tables of `auditMigrations`, under the same prefix and schema. */
  readonly database: Database
  /** Signs checkpoints. @default none: checkpoint() throws */
  readonly signer?: AuditSigner | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

const pageSize = 1000

/**
 * An audit log in the host's database, and, when asked, in the host's transaction: what was done and that it was done are
 * kept together or not at all. Appends of all processes queue for one row, until their transaction ends.
 *
 * @example
 * ```ts
 * import { auditMigrations, databaseAudit } from '@exprsn/core/audit'
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * await migrate(database, [auditMigrations])
 * const audit = databaseAudit({ database })
 * await database.transaction(async (tx) => {
 *   // … the host's own changes
 *   await audit.append({ action: 'user.deleted', actor: 'ann', subject: 'user 17' }, { tx })
 * })
 * console.log((await audit.verify()).ok) // true
 * ```
 */
export function databaseAudit(options: DatabaseAuditOptions): DatabaseAuditLog {
  const { database, signer, clock = systemClock } = options
  const { table } = tableNames(database.dialect, options)
  const [records, checkpoints, headTable] = ['audit_records', 'audit_checkpoints', 'audit_head'].map(table) as [
    string,
    string,
    string,
  ]

  /** Takes the row that all appends queue for, and tells the state before. */
  const lockHead = async (tx: Queryable): Promise<AuditHead> => {
    const { rows } = await tx.query<AuditHead>(
      `update ${headTable} set sequence = sequence where id = 1 returning sequence, hash`,
    )
    if (rows[0] === undefined) throw auditErrors.CORE_AUDIT_NOT_MIGRATED()
    return rows[0]
  }
  const insert = async (tx: Queryable, event: AuditEvent): Promise<AuditHead> => {
    const record = linkEvent(event, await lockHead(tx), clock.now())
    const sequence = (JSON.parse(record.text) as AuditHead).sequence
    await tx.query(`insert into ${records} (sequence, record, hash) values ($1, $2, $3)`, [
      sequence,
      record.text,
      record.hash,
    ])
    await tx.query(`update ${headTable} set sequence = $1, hash = $2 where id = 1`, [sequence, record.hash])
    return { sequence, hash: record.hash }
  }

  /** Records in pages, and each checkpoint behind the record it was made after. */
  async function* entriesOf(source: Queryable): AsyncGenerator<AuditEntry> {
    const saved = await source.query<{ checkpoint: string }>(`select checkpoint from ${checkpoints} order by id`)
    const waiting = saved.rows.map(({ checkpoint }) => readCheckpoint(checkpoint))
    let passed = 0
    for (let after = Number.MIN_SAFE_INTEGER; ;) {
      const { rows } = await source.query<{ sequence: number; record: string; hash: string }>(
        `select sequence, record, hash from ${records} where sequence > $1 order by sequence limit ${pageSize}`,
        [after],
      )
      for (const { record, hash } of rows) {
        while (waiting[0] !== undefined && waiting[0].size <= passed) yield waiting.shift()!
        yield { type: 'record', text: record, hash }
        passed++
      }
      if (rows.length < pageSize) break
      after = rows.at(-1)!.sequence
    }
    yield* waiting
  }

  const log: DatabaseAuditLog = {
    append(event, { tx, signal } = {}) {
      return tx === undefined ? database.transaction((own) => insert(own, event), { signal }) : insert(tx, event)
    },
    async checkpoint() {
      if (signer === undefined) throw auditErrors.CORE_AUDIT_SIGNER_MISSING()
      return database.transaction(async (tx) => {
        const { sequence } = await lockHead(tx)
        const frontier = new MerkleFrontier()
        for await (const entry of entriesOf(tx))
          if (entry.type === 'record') frontier.add(Buffer.from(entry.hash, 'hex'))
        const checkpoint = signCheckpoint(signer, sequence, frontier.root().toString('hex'), clock.now())
        await tx.query(
          `insert into ${checkpoints} (id, size, checkpoint) select coalesce(max(id), 0) + 1, $1, $2 from ${checkpoints}`,
          [sequence, JSON.stringify(checkpoint)],
        )
        return checkpoint
      })
    },
    verify: (verifyOptions) => verifyAudit(entriesOf(database), verifyOptions),
    prove: (sequence, checkpoint) => proveInclusion(entriesOf(database), sequence, checkpoint),
    entries: () => entriesOf(database),
    async close() {},
    async [Symbol.asyncDispose]() {},
  }
  return log
}

/** A row that is no checkpoint any more has been forged like one with a wrong signature. */
function readCheckpoint(text: string): AuditCheckpoint {
  const nothing: AuditCheckpoint = { type: 'checkpoint', size: 0, root: '', at: '', key: '', signature: '' }
  try {
    const found = JSON.parse(text) as Partial<AuditCheckpoint> | null
    return { ...nothing, ...found, type: 'checkpoint' }
  } catch {
    return nothing
  }
}
