import type { Movement } from '../movements/movement.ts'
import { daysBetween } from './days.ts'

/** What one day’s lines are worth, net, as far as it was not paid out. */
export interface WaitingDay {
  readonly day: string
  readonly amount: bigint
}

/** What came of attributing payouts to lines. */
export interface AttributedPayouts {
  /** Days from lines to the payouts that they went out with. */
  readonly delays: readonly number[]
  /** The oldest first. */
  readonly waiting: readonly WaitingDay[]
}

/**
 * Which lines went out with which payout. Where a gateway names it, that holds; where it does not, what came first goes out
 * first. All movements are of one gateway and currency, by day.
 */
export function attributePayouts(movements: readonly Movement[]): AttributedPayouts {
  const returned = new Set(movements.filter(({ kind }) => kind === 'payout_failure').map(({ payout }) => payout))
  const payouts = movements.filter(({ kind, payout }) => kind === 'payout' && !returned.has(payout))
  const lines = movements.filter(({ kind }) => kind !== 'payout' && kind !== 'payout_failure')
  const sentOn = new Map(payouts.map(({ payout, id, day }) => [payout ?? id, day]))
  const delays: number[] = []
  const queue: { readonly day: string; amount: bigint }[] = []
  for (const { day, payout, amount, fee } of lines) {
    const sent = payout === undefined ? undefined : sentOn.get(payout)
    if (sent !== undefined) {
      delays.push(daysBetween(day, sent))
      continue
    }
    const net = amount.amount - fee
    const last = queue.at(-1)
    if (last?.day === day) last.amount += net
    else queue.push({ day, amount: net })
  }
  // A gateway that names payouts names all of them: what has no name has not gone out.
  const unnamed = lines.some(({ payout }) => payout !== undefined) ? [] : payouts
  for (const { day, amount } of unnamed) {
    let rest = amount.amount
    while (rest > 0n && queue[0] !== undefined && queue[0].day <= day) {
      const [first] = queue
      delays.push(Math.max(0, daysBetween(first.day, day)))
      if (first.amount > rest) {
        first.amount -= rest
        rest = 0n
      } else {
        rest -= first.amount
        queue.shift()
      }
    }
  }
  return { delays, waiting: queue.filter(({ amount }) => amount !== 0n) }
}
