import { hash } from 'node:crypto'
import type { Money } from '../money/money.ts'
import { actionFor } from './actions.ts'
import { canonical, digest } from './canonical.ts'
import { composePayouts } from './compose-payouts.ts'
import { reconcileErrors } from './errors.ts'
import { collectItems, type ReconcileInputs } from './items/collect-items.ts'
import { legOf, type Item } from './items/item.ts'
import type { Match, OpenItem } from './match/edge.ts'
import { matchLeg } from './match/match-leg.ts'
import { makeProof } from './proof/make-proof.ts'
import type { ReconcileException, ReconcileReport, ReportedMatch } from './report.ts'
import { checkRules, type ReconcileRules } from './rules.ts'

/** {@link reconcile}. */
export interface ReconcileOptions extends ReconcileInputs {
  /** @default the defaults of each */
  readonly rules?: ReconcileRules | undefined
  /** The day by which ages count. @default the newest day of the inputs */
  readonly asOf?: Date | undefined
}

/**
 * Compares the host's books with what the gateways settled, and what they paid out with what the bank received. Pure: the same
 * inputs in any order give the same report, byte for byte. What is not certain is an exception, never a match.
 *
 * @throws `PAYMENTS_RECONCILE_INPUT_INVALID`, `PAYMENTS_RECONCILE_CONFLICT`, `PAYMENTS_RECONCILE_RULE_INVALID`
 * @example
 * ```ts
 * import { money } from '@exprsn/payments'
 * import { checkProof, reconcile } from '@exprsn/payments/reconcile'
 *
 * const [occurredAt, zero] = [new Date('2026-11-18'), money('0', 'EUR')]
 * const amount = money('49.90', 'EUR')
 * const charge = { reference: 'txn_1', kind: 'charge', gross: amount, fee: zero, net: amount, occurredAt, source: 'ch_1' } as const
 * const ours = [{ id: 'A-1001', kind: 'charge', amount, occurredAt, keys: ['ch_1'] } as const]
 * const report = reconcile({ ours, settlements: { stripe: [charge] }, statements: [] })
 * console.log(report.matches[0]?.rule, report.exceptions, checkProof(report.proof)) // key [] []
 * ```
 */
export function reconcile({ rules = {}, asOf, ...inputs }: ReconcileOptions): ReconcileReport {
  const checked = checkRules(rules, Object.keys(inputs.settlements))
  const { items, repeated, conflicts } = collectItems(inputs, checked)
  const disputed = new Set(conflicts)
  const matchable = items.filter(({ id }) => !disputed.has(id))
  const legs = (['orders', 'payouts'] as const).map((leg) =>
    matchLeg(
      matchable.filter((item) => legOf(item) === leg),
      checked,
    ),
  )
  const matches = legs.flatMap((leg) => leg.matches).toSorted((a, b) => (firstOf(a) < firstOf(b) ? -1 : 1))
  const open: OpenItem[] = [
    ...legs.flatMap((leg) => leg.open),
    ...items.filter(({ id }) => disputed.has(id)).map(({ id }) => conflict(id)),
  ].toSorted((a, b) => (a.item < b.item ? -1 : 1))
  const inputsDigest = digest(items.map((item) => canonical(item)))
  return makeReport({
    ...{ items, matches, open, repeated, rules: canonical(checked), inputs: inputsDigest },
    asOf: asOf === undefined ? Math.max(0, ...items.map(({ day }) => day)) : Math.floor(asOf.getTime() / 86_400_000),
  })
}

interface Found {
  readonly items: readonly Item[]
  readonly matches: readonly Match[]
  readonly open: readonly OpenItem[]
  readonly repeated: readonly string[]
  readonly rules: string
  readonly inputs: string
  readonly asOf: number
}

function makeReport({ items, matches: plain, open, repeated, rules, inputs, asOf }: Found): ReconcileReport {
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
  const found = { matches, exceptions, payouts, repeated, proof }
  const text = canonical(found)
  let byItem: ReadonlyMap<string, ReportedMatch> | undefined
  return {
    ...found,
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

function conflict(item: string): OpenItem {
  return { item, reason: 'conflict', candidates: [] }
}
