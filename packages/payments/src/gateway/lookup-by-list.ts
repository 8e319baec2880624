import type { LookupQuery, LookupResult } from './lookup.ts'

/** How a gateway without a search finds what became of commands. */
export interface ListedLookups<Found> {
  /** Whether what it is about is found by listing; the others are answered at once. */
  readonly listed: (query: LookupQuery) => boolean
  /** Lists once for all of these, and gives what it finds by their keys, as soon as it is found. */
  readonly find: (queries: readonly LookupQuery[]) => AsyncIterable<readonly [key: string, found: Found]>
  readonly answer: (query: LookupQuery, found: Found | undefined) => Promise<LookupResult>
}

/**
 * Answers several look-ups with one list, where a list for each would cost a gateway in trouble as many requests as it has
 * payments, times the commands that nothing is known of. When the list ends early, what it had found counts all the same.
 */
export async function lookUpByList<Found>(
  queries: readonly LookupQuery[],
  { listed, find, answer }: ListedLookups<Found>,
): Promise<readonly PromiseSettledResult<LookupResult>[]> {
  const wanted = queries.filter(listed)
  const open = new Set(wanted.map(({ key }) => key))
  const found = new Map<string, Found>()
  let fault: { readonly reason: unknown } | undefined
  try {
    if (open.size > 0)
      for await (const [key, each] of find(wanted)) {
        if (open.delete(key)) found.set(key, each)
        if (open.size === 0) break
      }
  } catch (reason) {
    fault = { reason }
  }
  const results: PromiseSettledResult<LookupResult>[] = []
  // One after the other: a gateway that was in trouble is not to be stormed.
  for (const query of queries) {
    if (fault !== undefined && listed(query) && open.has(query.key)) results.push({ status: 'rejected', ...fault })
    else results.push(await settled(answer(query, found.get(query.key))))
  }
  return results
}

/** The result of the only question. */
export function onlyResult(results: readonly PromiseSettledResult<LookupResult>[]): LookupResult {
  const result = results[0]!
  if (result.status === 'rejected') throw result.reason
  return result.value
}

function settled<Value>(promise: Promise<Value>): Promise<PromiseSettledResult<Value>> {
  return promise.then(
    (value) => ({ status: 'fulfilled', value }),
    (reason: unknown) => ({ status: 'rejected', reason }),
  )
}
