import type { LookupQuery } from '../../gateway/lookup.ts'
import { invoiceNumberOf } from './authorize-net-amount.ts'
import type { AuthorizeNetApi } from './authorize-net-api.ts'
import { errorOf, throwError } from './authorize-net-api.ts'
import {
  many,
  type Batch,
  type OneOrMany,
  type TransactionDetails,
  type TransactionSummary,
} from './authorize-net-types.ts'

const day = 86_400_000
const longestSpan = 31 * day
const pageSize = 1000

/** One transaction; undefined when the service does not know it. */
export async function transactionDetails(
  api: AuthorizeNetApi,
  transId: string,
): Promise<TransactionDetails | undefined> {
  const answer = await api.send<{ readonly transaction?: TransactionDetails }>('getTransactionDetailsRequest', {
    transId,
  })
  const error = errorOf(answer)
  if (error?.code === 'E00040') return undefined
  if (error !== undefined) throwError(error)
  return answer.transaction
}

/** The transactions of commands, by the keys of the commands. */
export async function* transactionsByKey(
  api: AuthorizeNetApi,
  queries: readonly LookupQuery[],
  now: number,
): AsyncIterable<readonly [key: string, found: readonly TransactionSummary[]]> {
  const keys = new Map(queries.map(({ key }) => [invoiceNumberOf(key), key]))
  const earliest = new Date(Math.min(...queries.map(({ sentAt }) => sentAt.getTime())))
  for await (const [invoiceNumber, found] of findByInvoice(api, keys.keys(), earliest, now))
    yield [keys.get(invoiceNumber)!, found]
}

/**
 * The transactions with these invoice numbers: those that are not settled, and for the others the ones in the batches since
 * they were sent. The service has no search, and no keys.
 */
export async function* findByInvoice(
  api: AuthorizeNetApi,
  invoiceNumbers: Iterable<string>,
  sentAt: Date,
  now: number,
): AsyncIterable<readonly [invoiceNumber: string, found: readonly TransactionSummary[]]> {
  const open = new Set(invoiceNumbers)
  const begin = sentAt.getTime() - day
  yield* take(await matching(open, unsettled(api, begin)), open)
  if (open.size > 0) yield* take(await matching(open, settled(api, begin, now + day)), open)
}

async function matching(
  open: ReadonlySet<string>,
  summaries: AsyncIterable<TransactionSummary>,
): Promise<Map<string, TransactionSummary[]>> {
  const found = new Map<string, TransactionSummary[]>()
  for await (const summary of summaries) {
    const { invoiceNumber = '' } = summary
    if (!open.has(invoiceNumber)) continue
    const same = found.get(invoiceNumber)
    if (same === undefined) found.set(invoiceNumber, [summary])
    else same.push(summary)
  }
  return found
}

function* take<Found>(found: ReadonlyMap<string, Found>, open: Set<string>): Iterable<readonly [string, Found]> {
  for (const each of found) {
    open.delete(each[0])
    yield each
  }
}

async function* settled(api: AuthorizeNetApi, from: number, to: number): AsyncIterable<TransactionSummary> {
  for await (const { batchId } of settledBatches(api, from, to)) yield* batchTransactions(api, batchId)
}

/** Batches of a span of time; one question covers 31 days. */
export async function* settledBatches(api: AuthorizeNetApi, from: number, to: number): AsyncIterable<Batch> {
  for (let start = from; start < to; start += longestSpan) {
    const firstSettlementDate = new Date(start).toISOString()
    const lastSettlementDate = new Date(Math.min(start + longestSpan, to) - 1).toISOString()
    const body = { includeStatistics: false, firstSettlementDate, lastSettlementDate }
    const answer = await api.send<{ readonly batchList?: OneOrMany<Batch> }>('getSettledBatchListRequest', body)
    const error = errorOf(answer)
    if (error !== undefined) throwError(error)
    yield* many(answer.batchList).toSorted(
      (left, right) => Date.parse(left.settlementTimeUTC) - Date.parse(right.settlementTimeUTC),
    )
  }
}

/** The transactions of a batch. */
export async function* batchTransactions(api: AuthorizeNetApi, batchId: string): AsyncIterable<TransactionSummary> {
  const sorting = { orderBy: 'submitTimeUTC', orderDescending: false }
  for await (const page of pages(api, 'getTransactionListRequest', { batchId, sorting })) yield* page
}

/** Unsettled ones, the newest first, as far back as asked. */
async function* unsettled(api: AuthorizeNetApi, since: number): AsyncIterable<TransactionSummary> {
  const sorting = { orderBy: 'submitTimeUTC', orderDescending: true }
  for await (const page of pages(api, 'getUnsettledTransactionListRequest', { sorting })) {
    yield* page
    const last = page.at(-1)
    if (last !== undefined && Date.parse(last.submitTimeUTC) < since) return
  }
}

async function* pages(
  api: AuthorizeNetApi,
  name: string,
  body: Readonly<Record<string, unknown>>,
): AsyncIterable<readonly TransactionSummary[]> {
  for (let offset = 1; ; offset++) {
    const paging = { limit: pageSize, offset }
    const answer = await api.send<{ readonly transactions?: OneOrMany<TransactionSummary> }>(name, { ...body, paging })
    const error = errorOf(answer)
    if (error !== undefined) throwError(error)
    const page = many(answer.transactions)
    yield page
    if (page.length < pageSize) return
  }
}
