import type { HistoryQuery, PaymentGateway } from '../../gateway/gateway.ts'
import type { SettlementLine } from '../../gateway/settlement-line.ts'

/**
 * The settlement lines of several gateways at once, as `reconcile` takes them: Stripe's balance transactions, PayPal's
 * transactions, Authorize.Net's settled batches. Gateways report late (PayPal up to three hours): ask for days that are over,
 * and for some of them again.
 *
 * @throws what a gateway throws; nothing is given then, since half a report looks like missing money
 * @example
 * ```ts no-run
 * import { fetchSettlements, reconcile } from '@exprsn/payments/reconcile'
 * import { stripeGateway } from '@exprsn/payments/drivers/stripe'
 *
 * const gateways = { stripe: stripeGateway({ apiKey: 'sk_live_1' }) }
 * const settlements = await fetchSettlements(gateways, { since: new Date('2026-11-01'), until: new Date('2026-12-01') })
 * console.log(reconcile({ ours: [], settlements, statements: [] }).exceptions.length)
 * ```
 */
export async function fetchSettlements(
  gateways: Readonly<Record<string, Pick<PaymentGateway, 'settlements'>>>,
  query: HistoryQuery,
): Promise<Readonly<Record<string, readonly SettlementLine[]>>> {
  const fetched = await Promise.all(
    Object.entries(gateways).map(async ([name, gateway]) => {
      const lines: SettlementLine[] = []
      for await (const line of gateway.settlements(query)) lines.push(line)
      return [name, lines] as const
    }),
  )
  return Object.fromEntries(fetched)
}
