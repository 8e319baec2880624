import { ExprsnError } from '../../errors/exprsn-error.ts'
import type { BoundValue } from '../bind-values.ts'
import type { SqlRow, Transaction } from '../database.ts'
import { databaseErrors } from '../errors.ts'
import { mapPostgresError } from '../postgres-errors.ts'
import { safeInteger } from '../safe-integer.ts'
import { hostTransaction, refuseHost } from './host-transaction.ts'
import { returnsRows } from './returns-rows.ts'

/** The members of Prisma's transaction that {@link fromPrisma} uses: what an interactive `$transaction` passes on. */
export interface PrismaTransactionLike {
  $queryRawUnsafe(text: string, ...values: never[]): PromiseLike<unknown>
  $executeRawUnsafe(text: string, ...values: never[]): PromiseLike<number>
}

/**
 * The host's open interactive Prisma transaction on PostgreSQL, with a driver adapter such as `@prisma/adapter-pg`.
 * Parameters are bound by the driver.
 *
 * Integers, booleans, bytes and texts come as from `postgresDatabase`. Prisma reads the others before we see them: json
 * comes as text again, but one that is a string alone comes without its quotes; timestamps, dates and times come as ISO
 * 8601 in UTC; `numeric` comes as text without trailing zeros; arrays come as JSON text; and types that Prisma does not
 * read, such as `interval`, must be cast to text.
 *
 * A signal stops the waiting only; the statement goes on in the host's transaction, which should then be rolled back.
 *
 * @throws `CORE_DATABASE_OPTIONS` when it is the client instead of its transaction. Statements throw the errors of
 * `databaseErrors`, among them `CORE_DATABASE_TRANSACTION_ENDED` after the transaction's end or timeout.
 * @example
 * ```ts no-run
 * import { fromPrisma, type PrismaTransactionLike } from '@exprsn/core/database'
 *
 * declare const prisma: { $transaction(work: (tx: PrismaTransactionLike) => Promise<void>): Promise<void> }
 * await prisma.$transaction(async (tx) => {
 *   await fromPrisma(tx).query('insert into orders values ($1, $2)', ['A-1001', 4990])
 * })
 * ```
 */
export function fromPrisma(tx: PrismaTransactionLike): Transaction {
  if (typeof tx?.$queryRawUnsafe !== 'function') refuseHost('fromPrisma takes the tx of an interactive $transaction')
  // Prisma takes this method from the client that it passes to the callback.
  if ((tx as { readonly $connect?: unknown }).$connect !== undefined)
    refuseHost('the Prisma client has no transaction of its own: pass the tx of prisma.$transaction(async (tx) => …)')

  return hostTransaction({
    dialect: 'postgres',
    async run({ shape, values }) {
      const parameters = values.map(prismaParameter) as never[]
      if (!returnsRows(shape.sql)) return { rows: [], count: await tx.$executeRawUnsafe(shape.sql, ...parameters) }
      const rows = ((await tx.$queryRawUnsafe(shape.sql, ...parameters)) as SqlRow[]).map(portableRow)
      return { rows, count: rows.length }
    },
    control: async (text) => tx.$executeRawUnsafe(text),
    mapError: mapPrismaError,
  })
}

/** As text, whose type the server infers. */
function prismaParameter(value: BoundValue): string | Uint8Array | null {
  return value === null || value instanceof Uint8Array ? value : String(value)
}

function portableRow(row: SqlRow): SqlRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, portableValue(value)]))
}

function portableValue(value: unknown): unknown {
  if (typeof value === 'bigint') return safeInteger(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
  if (value instanceof Date) return value.toISOString()
  if ('toFixed' in value && typeof value.toFixed === 'function') return String(value.toFixed())
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? safeInteger(inner) : inner))
}

interface PrismaErrorFields {
  readonly code?: unknown
  readonly meta?: { readonly driverAdapterError?: { readonly cause?: DriverErrorFields } }
}

interface DriverErrorFields {
  readonly originalCode?: unknown
  readonly originalMessage?: unknown
}

/** `P2028` is Prisma's code for a transaction that is over; the server's own error stands in `meta`. */
function mapPrismaError(error: unknown): ExprsnError {
  if (ExprsnError.is(error) || typeof error !== 'object' || error === null)
    return mapPostgresError(error, 'transaction', 'tx')
  const { code, meta } = error as PrismaErrorFields
  if (code === 'P2028') return databaseErrors.CORE_DATABASE_TRANSACTION_ENDED({}, { cause: error })
  const { originalCode, originalMessage } = meta?.driverAdapterError?.cause ?? {}
  if (typeof originalCode !== 'string') return mapPostgresError(error, 'transaction', 'tx')
  const message = String(originalMessage)
  const alike = Object.assign(new Error(message, { cause: error }), { code: originalCode, ...namesIn(message) })
  return mapPostgresError(alike, 'transaction', 'tx')
}

/** Prisma drops the names that the server sends beside its message, so they are read out of its (English) message. */
function namesIn(message: string): Record<string, string | undefined> {
  return {
    constraint: /constraint "([^"]+)"/.exec(message)?.[1],
    column: /column "([^"]+)" of relation/.exec(message)?.[1],
    table: /(?:relation|table) "([^"]+)"/.exec(message)?.[1],
  }
}
