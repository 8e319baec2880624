import { collectItems, type ReconcileInputs } from '../items/collect-items.ts'
import type { ReconcileReport } from '../report.ts'
import { checkRules, type ReconcileRules } from '../rules.ts'
import type { Movement } from './movement.ts'
import { movementsOf } from './movements-of.ts'

/**
 * The movements behind a reconciliation in memory: settlement lines and bank entries, payouts with the day on which they
 * arrived. What `auditFees`, `forecastSettlements` and `cashPosition` read.
 *
 * @throws what `reconcile` throws
 * @example
 * ```ts
 * import { money } from '@exprsn/payments'
 * import { movementsIn, reconcile } from '@exprsn/payments/reconcile'
 *
 * const [gross, fee, net] = [money('49.90', 'EUR'), money('1.75', 'EUR'), money('48.15', 'EUR')]
 * const occurredAt = new Date('2026-11-18')
 * const inputs = { ours: [], settlements: { stripe: [{ reference: 'txn_1', kind: 'charge', gross, fee, net, occurredAt } as const] }, statements: [] }
 * console.log(movementsIn(inputs, reconcile(inputs)).map(({ id, day }) => `${id} ${day}`)) // [ 'stripe:txn_1 2026-11-18' ]
 * ```
 */
export function movementsIn(
  inputs: ReconcileInputs,
  report: Pick<ReconcileReport, 'matches'>,
  rules: ReconcileRules = {},
): readonly Movement[] {
  const { items } = collectItems(inputs, checkRules(rules, Object.keys(inputs.settlements)))
  return movementsOf(items, report.matches)
}
