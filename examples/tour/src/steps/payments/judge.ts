import { formatMoney, type Money } from '@exprsn/payments'
import type { Order, Shop } from './shop.ts'

/** What stands in one account in the end, in major units. */
export interface Balance {
  readonly code: string
  readonly amount: Money
}

/** What the shop, its books and the gateways agree on. */
export interface Verdict {
  readonly charged: number
  readonly refunded: number
  readonly lines: number
  /** What was sold and given back, per currency. */
  readonly sums: string
  readonly balances: readonly Balance[]
}

/** Compares the books with what truly happened at the gateways. @throws Error where they differ by a cent */
export async function judge(shop: Shop, orders: readonly Order[]): Promise<Verdict> {
  const { payments, counters } = shop
  const truth = Object.values(counters).flatMap(({ simulator }) => simulator.payments())
  let charged = 0
  let refunded = 0
  const net: Record<string, bigint> = {}
  for (const { id, amount } of orders) {
    const taken = truth.filter(({ order, captured }) => order === id && captured > 0n)
    const captured = taken.reduce((sum, each) => sum + each.captured, 0n)
    if (taken.length !== 1 || captured !== amount.amount)
      throw new Error(`${id} of ${amount.amount} was charged ${taken.length} times, ${captured} in all.`)
    const back = taken[0]!.refunded
    if (back !== 0n && back !== captured / 3n) throw new Error(`Of ${id} ${back} went back, not a third.`)
    const ours = (await payments.paymentsOf(id)).find(({ state }) => state === 'captured')
    if (ours?.captured.amount !== captured || ours.refunded.amount !== back)
      throw new Error(`${id}: we say ${ours?.captured.amount} −${ours?.refunded.amount}, it is ${captured} −${back}.`)
    charged += 1
    refunded += back > 0n ? 1 : 0
    net[amount.currency] = (net[amount.currency] ?? 0n) + captured - back
  }
  const { ok, faults, lines } = await payments.ledger.verify()
  if (!ok) throw new Error(`The books are wrong: ${faults[0]?.message}`)
  const { balanced } = await payments.ledger.trialBalance()
  if (!balanced) throw new Error('The books do not balance.')
  const balances = await balancesOf(shop)
  for (const [currency, amount] of Object.entries(net)) {
    const of = (code: string): bigint =>
      balances.find((each) => each.code === `${code}:${currency}`)?.amount.amount ?? 0n
    const earned = of('income:sales') + of('income:refunds')
    if (earned !== amount) throw new Error(`The books earned ${earned} ${currency}, the gateways took ${amount}.`)
  }
  const sums = Object.entries(net).map(([currency, amount]) => formatMoney({ amount, currency }, { locale: 'en' }))
  return { charged, refunded, lines, sums: `${sums.join(' and ')} as the gateways say`, balances }
}

async function balancesOf({ payments }: Shop): Promise<readonly Balance[]> {
  const balances: Balance[] = []
  for await (const { code, currency, balance } of payments.ledger.accounts())
    if (balance !== 0n) balances.push({ code, amount: { amount: balance, currency } })
  return balances
}
