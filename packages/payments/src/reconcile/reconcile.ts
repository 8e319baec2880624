import { canonical } from './canonical.ts'
import { collectItems, type ReconcileInputs } from './items/collect-items.ts'
import { legOf } from './items/item.ts'
import type { OpenItem } from './match/edge.ts'
import { makeReport } from './make-report.ts'
import { matchLeg } from './match/match-leg.ts'
import type { ReconcileReport } from './report.ts'
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
  return makeReport({
    items,
    matches: legs.flatMap(({ matches }) => matches),
    open: [
      ...legs.flatMap(({ open }) => open),
      ...items.filter(({ id }) => disputed.has(id)).map(({ id }) => conflict(id)),
    ],
    repeated,
    rules: canonical(checked),
    asOf: asOf === undefined ? undefined : Math.floor(asOf.getTime() / 86_400_000),
  })
}

/** What contradicts itself is matched with nothing. */
function conflict(item: string): OpenItem {
  return { item, reason: 'conflict', candidates: [] }
}
