import { hash } from 'node:crypto'
import type { Money } from '../money/money.ts'
import { actionFor } from './actions.ts'
import { canonical, digest } from './canonical.ts'
import { composePayouts } from './compose-payouts.ts'
import { reconcileErrors } from './errors.ts'
import type { Item } from './items/item.ts'
import type { Match, OpenItem } from './match/edge.ts'
import { makeProof } from './proof/make-proof.ts'
import type { ReconcileException, ReconcileReport, ReportedMatch } from './report.ts'

/** What matching found about sorted items. */
export interface Found {
  readonly items: readonly Item[]
  readonly matches: readonly Match[]
  readonly open: readonly OpenItem[]
  readonly repeated: readonly string[]
  readonly rules: string
  /** Days since 1970. @default the newest day of the items */
  readonly asOf?: number | undefined
}

/** Puts a report together. */
export function makeReport({ items, repeated, rules, ...found }: Found): ReconcileReport {
  const plain = found.matches.toSorted((a, b) => (firstOf(a) < firstOf(b) ? -1 : 1))
  const open = found.open.toSorted((a, b) => (a.item < b.item ? -1 : 1))
  const asOf = found.asOf ?? newestDay(items)
  const inputs = digest(items.map((item) => canonical(item)))
  const byId = new Map(items.map((item) => [item.id, item]))
  const proof = makeProof(inputs, items, plain, open)
  const matches = plain.map((match, at): ReportedMatch => {
    const differences = proof.matches[at]!.differences.map(([currency, amount]): Money => ({
      amount: BigInt(amount),
      currency,
    }))
    return { id: matchId(match), ...match, differences }
  })
  const payouts = composePayouts(items)
  const exceptions = [...open.map(openException), ...payouts.flatMap(lineException)].toSorted((a, b) =>
    `${a.item} ${a.reason}` < `${b.item} ${b.reason}` ? -1 : 1,
  )
  function openException({ item: id, reason, candidates }: OpenItem): ReconcileException {
    const item = byId.get(id)!
    return { item: id, reason, amount: item.amount, age: asOf - item.day, action: actionFor(item, reason), candidates }
  }
  function lineException({ payout, difference }: (typeof payouts)[number]): ReconcileException[] {
    if (difference.amount === 0n) return []
    const item = byId.get(payout)!
    const reason = 'payout_lines_differ'
    return [
      {
        item: payout,
        reason,
        amount: difference,
        age: asOf - item.day,
        action: actionFor(item, reason),
        candidates: [],
      },
    ]
  }
  const content = { matches, exceptions, payouts, repeated, proof }
  const text = canonical(content)
  let byItem: ReadonlyMap<string, ReportedMatch> | undefined
  return {
    ...content,
    hash: digest([rules, inputs, String(asOf), text]),
    explain(id) {
      const item = byId.get(id)
      if (item === undefined) throw reconcileErrors.PAYMENTS_RECONCILE_UNKNOWN({ id: String(id).slice(0, 200) })
      byItem ??= new Map(
        matches.flatMap((match) => [...match.left, ...match.right].map((each) => [each, match] as const)),
      )
      const exception = exceptions.find((each) => each.item === id)
      const payout = payouts.find(({ lines }) => lines.includes(id))?.payout
      return { item: id, match: byItem.get(id), exception, payout }
    },
    toJSON: () => JSON.parse(text) as unknown,
  }
}

/** The name of a match comes from what is in it. */
export function matchId({ left, right }: Pick<Match, 'left' | 'right'>): string {
  return `match:${hash('sha256', [...left, '', ...right].join('\n'), 'hex').slice(0, 16)}`
}

function firstOf({ left, right }: Match): string {
  return left[0] ?? right[0]!
}

function newestDay(items: readonly Item[]): number {
  let newest = 0
  for (const { day } of items) newest = Math.max(newest, day)
  return newest
}
