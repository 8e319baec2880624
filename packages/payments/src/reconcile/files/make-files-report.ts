import { canonical } from '../canonical.ts'
import { reconcileErrors } from '../errors.ts'
import type { Item } from '../items/item.ts'
import { sortItems } from '../items/sort-items.ts'
import { makeReport } from '../make-report.ts'
import { scores, type Match } from '../match/edge.ts'
import { matchLeg } from '../match/match-leg.ts'
import type { CheckedRules } from '../rules.ts'
import type { ExactPairs, FilesReport } from './files-report.ts'

/** What names decided about two sides, and what they left. */
export interface RowsFound {
  readonly gateway: string
  readonly rows: FilesReport['rows']
  /** Of each currency once. */
  readonly exact: readonly ExactPairs[]
  /** All others, in any order. */
  readonly items: readonly Item[]
  /** Days since 1970. */
  readonly newestDay: number
  /** Of all rows. */
  readonly fingerprint: string
  readonly rules: CheckedRules
  readonly asOf: Date | undefined
}

/** Lets all rules decide about the rest, and puts a report together. @throws `PAYMENTS_RECONCILE_CONFLICT` */
export function makeFilesReport(found: RowsFound): FilesReport {
  const { gateway, rows, newestDay, fingerprint, rules, asOf } = found
  const exact = found.exact.toSorted((a, b) => (a.sum.currency < b.sum.currency ? -1 : 1))
  const stands = exact.map((each) => standFor(each, gateway, newestDay, fingerprint))
  const standing = new Set<Item>(stands.flatMap(({ pair }) => pair))
  const { items, repeated } = unique([...found.items, ...standing])
  // No rule has to decide about what stands for pairs.
  const { matches, open } = matchLeg(
    items.filter((item) => !standing.has(item)),
    rules,
  )
  const { payouts: _, ...report } = makeReport({
    items,
    matches: [...matches, ...stands.map(({ match }) => match)],
    open,
    repeated,
    rules: canonical(rules),
    asOf: asOf === undefined ? newestDay : Math.floor(asOf.getTime() / 86_400_000),
  })
  return { ...report, rows, exact }
}

/** Every item once, sorted. @throws `PAYMENTS_RECONCILE_CONFLICT` */
function unique(items: readonly Item[]): { readonly items: readonly Item[]; readonly repeated: readonly string[] } {
  const sorted = sortItems(items)
  const repeated: string[] = []
  const kept = sorted.filter((item, at) => {
    const before = sorted[at - 1]
    if (before?.id !== item.id) return true
    if (canonical(before) !== canonical(item)) throw reconcileErrors.PAYMENTS_RECONCILE_CONFLICT({ id: item.id })
    if (repeated.at(-1) !== item.id) repeated.push(item.id)
    return false
  })
  return { items: kept, repeated }
}

/** Two items and a match that stand for all pairs of a currency. */
export function standFor({ pairs, sum }: ExactPairs, gateway: string, day: number, print: string) {
  const none = { fee: 0n, day, keys: [], groups: [], tokens: [print], gateways: [gateway], name: undefined }
  const item = (side: 'ours' | 'gateway'): Item => ({
    ...{ id: `${side === 'ours' ? 'ours' : gateway}:*${sum.currency}`, side, amount: sum, ...none },
    ...{ kind: sum.amount < 0n ? 'refund' : 'charge', original: undefined, reversal: false, payout: undefined },
  })
  const pair = [item('ours'), item('gateway')] as const
  const match: Match = {
    ...{ rule: 'key', score: scores.key, left: [pair[0].id], right: [pair[1].id] },
    evidence: `${pairs} pairs, each with a name that no other row has`,
  }
  return { pair, match }
}
