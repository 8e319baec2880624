import type { SettlementLine } from '../../gateway/settlement-line.ts'
import { fromStripeAmount } from './stripe-amount.ts'
import { idOf } from './stripe-snapshot.ts'
import type { Expandable, StripeBalanceTransaction } from './stripe-types.ts'

// docs.stripe.com/reports/reporting-categories
const kinds: Readonly<Record<string, SettlementLine['kind']>> = {
  charge: 'charge',
  charge_failure: 'refund',
  refund: 'refund',
  partial_capture_reversal: 'refund',
  refund_failure: 'refund_failure',
  dispute: 'dispute',
  dispute_reversal: 'dispute_reversal',
  fee: 'fee',
  network_cost: 'fee',
  payout: 'payout',
  payout_reversal: 'payout_failure',
}

/** One balance transaction, with its source expanded where Stripe does so. */
export function settlementFromStripe(entry: StripeBalanceTransaction): SettlementLine {
  const { currency, source } = entry
  const object = (typeof source === 'object' && source !== null ? source : {}) as {
    readonly payment_intent?: Expandable<object>
    readonly metadata?: Readonly<Record<string, string>> | null
  }
  const kind = kinds[entry.reporting_category] ?? 'adjustment'
  const reference = idOf(source)
  return {
    reference: entry.id,
    kind,
    gross: fromStripeAmount(entry.amount, currency),
    fee: fromStripeAmount(entry.fee, currency),
    net: fromStripeAmount(entry.net, currency),
    occurredAt: new Date(entry.created * 1000),
    source: reference,
    payment: idOf(object.payment_intent),
    key: object.metadata?.['exprsn_key'],
    payout: kind === 'payout' || kind === 'payout_failure' ? reference : undefined,
  }
}
