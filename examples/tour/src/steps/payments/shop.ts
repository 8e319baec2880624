import { ExprsnError, randomBelow, sleep } from '@exprsn/core'
import type { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import type { Money, Payments } from '@exprsn/payments'
import type { Counter } from './gateways.ts'

/** One order and what its buyer does. */
export interface Order {
  readonly id: string
  readonly gateway: string
  readonly amount: Money
  /** Counts the buyer's attempts: a new one only where the last certainly took nothing. */
  attempt: number
  /** What the gateway's form gave; made when the buyer pays, since tokens end after minutes. */
  token: string | undefined
  /** The first card is one that is declined. */
  readonly beginsDeclined: boolean
}

/** What the shop needs. */
export interface Shop {
  readonly payments: Payments
  readonly counters: Readonly<Record<string, Counter>>
  readonly clock: SimulatedClock
  readonly random: SeededRandom
  /** Aborted when the user stops the tour. */
  readonly signal: AbortSignal
}

/** How often somebody tries. */
const patience = 50

/** Authorize.Net has neither keys nor a search: what became of a charge takes many questions. */
const turns = ['stripe', 'paypal', 'stripe', 'authorizenet', 'paypal']

/** Orders of 5 to 200, by turns through each gateway; one in twelve begins with a card that is declined. */
export function takeOrders({ counters, random }: Shop, count: number): Order[] {
  return Array.from({ length: count }, (_, index) => {
    const gateway = turns[index % turns.length]!
    const amount = { amount: BigInt(500 + randomBelow(random, 19_500)), currency: counters[gateway]!.currency }
    const beginsDeclined = randomBelow(random, 12) === 0
    return { id: `A-${1001 + index}`, gateway, amount, attempt: 1, token: undefined, beginsDeclined }
  })
}

/**
 * Charges an order. An unknown outcome is left to webhooks and sweeps; only what was declined, or certainly not done, is tried
 * with another card under another key.
 */
export async function pay({ payments, counters, signal }: Shop, order: Order): Promise<void> {
  const { id, gateway, amount } = order
  for (let tries = 1; tries <= patience; tries++) {
    try {
      order.token ??= counters[gateway]!.token(order.beginsDeclined && order.attempt === 1)
      const method = { kind: 'token', token: order.token } as const
      const outcome = await payments.charge({ gateway, amount, method, order: id, key: `${id}/${order.attempt}` })
      if (outcome.status !== 'declined') return
    } catch (error) {
      if (!ExprsnError.is(error)) throw error
      if (error.retryable) {
        await pause(tries, signal)
        continue
      }
    }
    order.attempt += 1
    order.token = undefined
  }
}

/** Gives a third of a payment back. The button is pressed twice. */
export async function giveBack({ payments, signal }: Shop, order: Order): Promise<void> {
  const payment = (await payments.paymentsOf(order.id)).find(({ state }) => state === 'captured')
  if (payment === undefined) throw new Error(`${order.id} was never paid.`)
  const amount = { ...order.amount, amount: order.amount.amount / 3n }
  const refund = async (): Promise<boolean> =>
    payments.refund({ payment, amount, key: `${order.id}/refund` }).then(
      () => true,
      (error: unknown) => {
        if (ExprsnError.is(error) && error.retryable) return false
        throw error
      },
    )
  for (let tries = 1; tries <= patience; tries++) {
    if ((await Promise.all([refund(), refund()])).every(Boolean)) return
    await pause(tries, signal)
  }
}

/** Buyers try again soon, and then ever later: a gateway that failed too often is spared for half a minute. */
function pause(tries: number, signal: AbortSignal): Promise<void> {
  return sleep(Math.min(10 * 2 ** (tries - 1), 2_000), { signal })
}

/** Orders that nothing was taken for yet, or nothing given back. */
export async function without(
  { payments }: Shop,
  what: 'captured' | 'refunded',
  orders: readonly Order[],
): Promise<Order[]> {
  const found: Order[] = []
  for (const order of orders)
    if (!(await payments.paymentsOf(order.id)).some((payment) => payment[what].amount > 0n)) found.push(order)
  return found
}

/** Some of the webhooks are lost, some come twice, none in order. */
export async function deliverWebhooks({ counters }: Shop): Promise<number> {
  let lost = 0
  for (const { simulator } of Object.values(counters))
    lost += (await simulator.webhooks.deliver({ lose: 0.1, duplicate: 0.1, shuffle: true })).lost
  return lost
}

/** Lets six hours pass, sweeping: after that it is known of everything whether it was done. Gives how many outcomes were found. */
export async function sweepForHours({ payments, clock, counters }: Shop, signal: AbortSignal): Promise<number> {
  let resolved = 0
  for (let hour = 0; hour < 6; hour++) {
    await clock.advanceBy('1h')
    resolved += (await payments.sweep({ signal })).resolved
  }
  for (const { simulator } of Object.values(counters)) simulator.settle()
  return resolved
}
