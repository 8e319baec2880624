import type { Database, Queryable } from '@exprsn/core/database'
import { reconcileErrors } from '../errors.ts'
import { shownFingerprint } from '../files/fingerprint.ts'
import type { FilesReport } from '../files/files-report.ts'
import { gatewayName } from '../files/gateway-name.ts'
import { itemOfRow } from '../files/item-of-row.ts'
import { makeFilesReport } from '../files/make-files-report.ts'
import type { Item } from '../items/item.ts'
import { checkRules, type ReconcileRules } from '../rules.ts'
import { createPairs, pairsByCurrency, restOf, totalsOf } from './exact-sql.ts'
import { fillRows } from './fill-rows.ts'
import type { MovementsTable } from './movements-table.ts'

/** Options of {@link reconcileTables}. */
export interface ReconcileTablesOptions {
  /** PostgreSQL, with the right to make temporary tables; nothing else in it is written. */
  readonly database: Database
  /** The host's own books. */
  readonly ours: MovementsTable
  /** What a gateway settled. */
  readonly gateway: MovementsTable & {
    /** The gateway's name. @default 'gateway' */
    readonly name?: string | undefined
  }
  /** @default the defaults of each */
  readonly rules?: ReconcileRules | undefined
  /** The day by which ages count. @default the newest day of the tables */
  readonly asOf?: Date | undefined
  /** Ends it, also in the database. */
  readonly signal?: AbortSignal | undefined
}

/**
 * As `reconcileFiles`, for movements that are in PostgreSQL already: names are matched there, by a hash join, and only what
 * they do not decide comes here. Both tables are seen as they were at one moment. The report of the same rows is the same to
 * the byte.
 *
 * @throws `PAYMENTS_RECONCILE_INPUT_INVALID`, `PAYMENTS_RECONCILE_CONFLICT`, `PAYMENTS_RECONCILE_RULE_INVALID`, the database's errors
 * @example
 * ```ts no-run
 * import { postgresDatabase } from '@exprsn/core/drivers/postgres'
 * import { reconcileTables } from '@exprsn/payments/reconcile'
 *
 * await using database = postgresDatabase({ connection: { connectionString: process.env['DATABASE_URL'] } })
 * const { exact, exceptions } = await reconcileTables({
 *   database,
 *   ours: {
 *     from: `select * from orders where paid_at >= $1`,
 *     values: ['2026-11-01'],
 *     columns: { id: 'number', key: 'charge', amount: 'total', date: 'paid_at', currency: 'currency' },
 *   },
 *   gateway: {
 *     name: 'stripe',
 *     from: 'reports.stripe_november',
 *     columns: { id: 'id', key: 'source', amount: 'gross', date: 'created', currency: 'currency' },
 *   },
 * })
 * console.log(exact, exceptions.length)
 * ```
 */
export async function reconcileTables(options: ReconcileTablesOptions): Promise<FilesReport> {
  const { database, asOf, signal } = options
  const name = gatewayName(options.gateway.name)
  if (database.dialect !== 'postgres')
    throw reconcileErrors.PAYMENTS_RECONCILE_INPUT_INVALID({
      ...{ id: 'of tables', field: 'database', reason: 'is not PostgreSQL' },
    })
  const rules = checkRules(options.rules ?? {}, [name])
  return database.transaction(
    async (tx) => {
      const interruptible: Queryable = {
        dialect: tx.dialect,
        query: (text, values) => tx.query(text, values, { signal }),
      }
      const found = await findIn(interruptible, options, name)
      return makeFilesReport({ ...found, gateway: name, rules, asOf })
    },
    { signal },
  )
}

interface Totals {
  readonly rows: string
  readonly newest: number
  readonly first: string
  readonly second: string
}

async function findIn(tx: Queryable, { ours, gateway }: ReconcileTablesOptions, name: string) {
  await tx.query('set transaction isolation level repeatable read')
  await tx.query(`set local time zone 'UTC'`)
  await fillRows(tx, 'exprsn_ours', ours)
  await fillRows(tx, 'exprsn_gateway', gateway)
  await tx.query(createPairs)
  await tx.query('analyze exprsn_pairs')
  const sides = [
    { table: 'exprsn_ours', side: 'ours' },
    { table: 'exprsn_gateway', side: 'gateway' },
  ] as const
  const items: Item[] = []
  const fingerprint = new Int32Array(2)
  const totals: Totals[] = []
  for (const { table, side } of sides) {
    const { rows } = await tx.query<Totals>(totalsOf(table, side === 'ours'))
    const [found] = rows as readonly [Totals]
    totals.push(found)
    fingerprint[0]! += Number(found.first)
    fingerprint[1]! += Number(found.second)
    for (const item of await restItems(tx, table, { side, gateway: name, gateways: [name] })) items.push(item)
  }
  const pairs = await tx.query<{ currency: string; pairs: string; sum: string }>(pairsByCurrency)
  const [own, theirs] = totals as [Totals, Totals]
  return {
    rows: { ours: Number(own.rows), gateway: Number(theirs.rows) },
    exact: pairs.rows.map(({ currency, pairs: count, sum }) => ({
      pairs: Number(count),
      sum: { amount: BigInt(sum), currency },
    })),
    items,
    newestDay: Math.max(own.newest, theirs.newest),
    fingerprint: shownFingerprint(fingerprint),
  }
}

interface RestRow {
  readonly id: string
  readonly key: string
  readonly grouped: string
  readonly note: string
  readonly amount: string
  readonly currency: string
  readonly day: number
}

async function restItems(tx: Queryable, table: string, owner: Parameters<typeof itemOfRow>[3]): Promise<Item[]> {
  const { rows } = await tx.query<RestRow>(restOf(table))
  return rows.map(({ id, key, grouped, note, amount, currency, day }) =>
    itemOfRow({ id, key, group: grouped, text: note }, { amount: BigInt(amount), currency }, day, owner),
  )
}
