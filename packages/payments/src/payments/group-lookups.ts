import { AsyncLocalStorage } from 'node:async_hooks'
import type { PaymentGateway } from '../gateway/gateway.ts'
import type { LookupQuery, LookupResult } from '../gateway/lookup.ts'
import { onlyResult } from '../gateway/lookup-by-list.ts'
import { untilAborted } from '../gateway/until-aborted.ts'
import { GroupCommit } from '../ledger/group-commit.ts'

type Answered = PromiseSettledResult<LookupResult>

/** Questions that one list answers at most. */
const most = 100

/**
 * Look-ups that come while a gateway answers others wait, and are then asked together. After an outage there are as many as
 * commands that no answer came for, and a gateway without a search would be made to list all its payments for each.
 */
export function groupLookups(
  gatewayOf: (name: string) => PaymentGateway,
): (gateway: string, query: LookupQuery) => Promise<LookupResult> {
  const groups = new Map<string, GroupCommit<LookupQuery, Answered>>()
  // What is asked for several callers belongs to none of them: not to the deadline of the one who came first, either.
  const outside = AsyncLocalStorage.snapshot()

  function groupOf(name: string, gateway: PaymentGateway): GroupCommit<LookupQuery, Answered> {
    let group = groups.get(name)
    if (group === undefined) {
      group = new GroupCommit((queries) => outside(askAll, gateway, queries), most)
      groups.set(name, group)
    }
    return group
  }

  return async (name, query) => {
    const gateway = gatewayOf(name)
    if (gateway.lookupAll === undefined) return gateway.lookup(query)
    return onlyResult(await untilAborted(query.signal, () => groupOf(name, gateway).add([query])))
  }
}

async function askAll(gateway: PaymentGateway, queries: readonly LookupQuery[]): Promise<readonly Answered[]> {
  const questions = queries.map((query) => ({ ...query, signal: undefined }))
  if (questions.length > 1) return gateway.lookupAll!(questions)
  return Promise.allSettled([gateway.lookup(questions[0]!)])
}
