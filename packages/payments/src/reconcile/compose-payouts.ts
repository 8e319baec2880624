import type { Item } from './items/item.ts'
import type { PayoutComposition } from './report.ts'

/** The lines of each payout, where the gateway says with which they went out, and what is missing in them. */
export function composePayouts(items: readonly Item[]): PayoutComposition[] {
  const lines = Map.groupBy(
    items.filter(({ side, kind, payout }) => side === 'gateway' && payout !== undefined && !kind.startsWith('payout')),
    ({ gateways, payout }) => `${gateways[0]} ${payout}`,
  )
  const payouts = items.filter(({ kind }) => kind === 'payout')
  return payouts.flatMap((item) => {
    const own = lines.get(`${item.gateways[0]} ${item.payout}`)
    // A gateway that never says is believed; its lines are weighed as what it holds.
    if (own === undefined) return []
    const { currency } = item.amount
    const sum = own.reduce((total, { amount, fee }) => total + amount.amount - fee, 0n)
    const difference = { amount: sum - item.amount.amount - item.fee, currency }
    return [{ payout: item.id, lines: own.map(({ id }) => id).toSorted(), difference }]
  })
}
