import { AsyncLocalStorage } from 'node:async_hooks'
import { GroupCommit } from '../../ledger/group-commit.ts'
import type { TransactionSummary } from './authorize-net-types.ts'

type Summaries = readonly TransactionSummary[]

/** Invoice numbers that one list is searched for at most. */
const most = 100

/**
 * Those who look for their transaction while a list is being read wait, and are then served by the next one together: a
 * morning's refunds would otherwise each read the batches of a week. A list begins after everybody who is served by it came,
 * so that none of them misses what was there before.
 */
export function findTogether(
  find: (invoiceNumbers: readonly string[]) => AsyncIterable<readonly [invoiceNumber: string, found: Summaries]>,
): (invoiceNumber: string) => Promise<Summaries> {
  // What is read for several callers belongs to none of them: not to the deadline of the one who came first, either.
  const outside = AsyncLocalStorage.snapshot()
  const group = new GroupCommit<string, Summaries>((invoiceNumbers) => outside(searchFor, find, invoiceNumbers), most)
  return async (invoiceNumber) => (await group.add([invoiceNumber]))[0]!
}

async function searchFor(
  find: Parameters<typeof findTogether>[0],
  invoiceNumbers: readonly string[],
): Promise<readonly Summaries[]> {
  const all = new Map<string, Summaries>()
  for await (const [invoiceNumber, found] of find(invoiceNumbers)) all.set(invoiceNumber, found)
  return invoiceNumbers.map((invoiceNumber) => all.get(invoiceNumber) ?? [])
}
