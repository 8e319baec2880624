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

/**
 * The transactions with an invoice number: among those that are not settled, and in the batches since it was sent. The
 * service has no search, and no keys.
 */
export async function findByInvoice(
  api: AuthorizeNetApi,
  invoiceNumber: string,
  sentAt: Date,
  now: number,
): Promise<readonly TransactionSummary[]> {
  const matches = (summary: TransactionSummary): boolean => summary.invoiceNumber === invoiceNumber
  const found: TransactionSummary[] = []
  for await (const summary of unsettled(api, sentAt.getTime() - day)) if (matches(summary)) found.push(summary)
  if (found.length > 0) return found
  for await (const batch of settledBatches(api, sentAt.getTime() - day, now + day))
    for await (const summary of batchTransactions(api, batch.batchId)) if (matches(summary)) found.push(summary)
  return found
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
