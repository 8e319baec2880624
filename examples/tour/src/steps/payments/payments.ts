import { join } from 'node:path'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { createPayments, createWebhookHandler } from '@exprsn/payments'
import type { Step, StepContext, StepOutcome } from '../../step.ts'
import { drawBooks } from './draw-books.ts'
import { openCounters, type Counter } from './gateways.ts'
import { judge } from './judge.ts'
import { deliverWebhooks, giveBack, pay, sweepForHours, takeOrders, without, type Order, type Shop } from './shop.ts'

/** A day of a shop through three gateways that fail in every tenth request. */
export const payments: Step = {
  name: 'payments',
  title: 'Payments: 1,000 orders through three gateways that lose answers and webhooks, each charged once',
  run: sell,
}

const count = 1_000
/** More only make each other's answers late: shop and gateways share one thread. */
const atOnce = 32
/** Orders between two visits of webhooks and sweep: who is not answered has given up before the others are served. */
const perVisit = 500
/** Far more than it takes, unless the machine is so busy that answers come too late. */
const rounds = 20
const rates = { truncated_response: 0.02, error_before: 0.02, error_after: 0.04, rate_limited: 0.01 }
/** The stripe package waits half a second after each of these, which is not what this step is about. */
const lost = { lost_request: 0.01, lost_response: 0.02 }

async function sell(context: StepContext): Promise<StepOutcome> {
  const { folder, defer, signal, progress, say } = context
  const clock = new SimulatedClock({ now: Date.UTC(2026, 10, 20, 6) })
  const counters = await openCounters(clock)
  defer(() => Promise.all(Object.values(counters).map(({ simulator }) => simulator.close())))
  const database = sqliteDatabase({ path: join(folder, 'payments.db'), synchronous: 'normal' })
  defer(() => database.close())
  const gateways = Object.fromEntries(Object.entries(counters).map(([name, { gateway }]) => [name, gateway]))
  const random = new SeededRandom('shop')
  const engine = createPayments({ database, gateways, clock, random })
  defer(() => engine.close())
  await migrate(database, [engine.migrations])
  for (const [name, { simulator }] of Object.entries(counters))
    simulator.webhooks.sendTo(createWebhookHandler(engine, { gatewayOf: () => name }))
  const shop: Shop = { payments: engine, counters, clock, random, signal }

  fail(counters)
  const orders = takeOrders(shop, count)
  const bar = progress('selling', 'orders')
  let [missing, resolved, asked] = [0, 0, 0]
  let served = 0
  for (let index = 0; index < orders.length; index += perVisit) {
    await forEachBuyer(shop, orders.slice(index, index + perVisit), async (...given) => {
      await pay(...given)
      bar.update(++served, count)
    })
    await clock.advanceBy('2h')
    missing += await deliverWebhooks(shop)
    resolved += (await engine.sweep({ signal })).resolved
  }
  bar.end(`${count.toLocaleString('en')} orders`)

  // Hours later it is known of each whether it was charged. Who was not, comes back.
  resolved += await repeat(shop, signal, 'captured', orders, pay)
  await clock.advanceBy('2d') // Authorize.Net gives nothing back before it is settled.
  const returned = orders.filter((_, index) => index % 6 === 0)
  const refunding = progress('giving back', 'refunds')
  resolved += await repeat(shop, signal, 'refunded', returned, async (...given) => {
    await giveBack(...given)
    refunding.update(Math.min(++asked, returned.length), returned.length)
  })
  refunding.end(`${returned.length} refunds, each asked for twice`)
  const faults = Object.values(counters).reduce((sum, { simulator }) => sum + total(simulator.faults.hits), 0)
  for (const { simulator } of Object.values(counters)) simulator.faults.heal()
  missing += await deliverWebhooks(shop)
  resolved += await sweepForHours(shop, signal)
  say(`${faults} requests failed, ${missing} webhooks never came, ${resolved} outcomes were found by asking`)

  const verdict = await judge(shop, orders)
  return {
    facts: [
      { label: 'charged', value: `${verdict.charged.toLocaleString('en')} orders, each exactly once` },
      { label: 'given back', value: `a third of ${verdict.refunded}, each asked for twice and given once` },
      { label: 'faults', value: `${faults} of requests, ${missing} webhooks lost; ${resolved} outcomes asked for` },
      { label: 'books', value: `${verdict.lines.toLocaleString('en')} lines, chain whole, ${verdict.sums}` },
    ],
    picture: drawBooks(verdict.balances),
  }
}

/** A fault in every tenth request, and one charge each that is never answered. */
function fail(counters: Readonly<Record<string, Counter>>): void {
  for (const [name, { simulator, charge }] of Object.entries(counters)) {
    simulator.faults.setRates(name === 'stripe' ? rates : { ...rates, ...lost })
    simulator.faults.plan({ kind: 'no_answer', when: charge, times: 1 })
  }
}

/** Serves buyers, so many at once: one whose gateway does not answer holds up nobody else. */
async function forEachBuyer(
  shop: Shop,
  orders: readonly Order[],
  work: (shop: Shop, order: Order) => Promise<void>,
): Promise<void> {
  const queue = [...orders]
  const counter = async (): Promise<void> => {
    for (let order = queue.shift(); order !== undefined; order = queue.shift()) {
      shop.signal.throwIfAborted()
      await work(shop, order)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, counter))
}

/** Does it for all that it was not done for yet, and sweeps, until it is done for all. Gives how many outcomes were found. */
async function repeat(
  shop: Shop,
  signal: AbortSignal,
  what: 'captured' | 'refunded',
  orders: readonly Order[],
  work: (shop: Shop, order: Order) => Promise<void>,
): Promise<number> {
  let resolved = 0
  let open: readonly Order[] = orders
  for (let round = 0; round < rounds; round++) {
    open = await without(shop, what, open)
    if (open.length === 0) return resolved
    await forEachBuyer(shop, open, work)
    resolved += await sweepForHours(shop, signal)
  }
  open = await without(shop, what, open)
  if (open.length > 0) throw new Error(`${open.length} orders are not ${what} after ${rounds} rounds.`)
  return resolved
}

function total(hits: Readonly<Record<string, number>>): number {
  return Object.values(hits).reduce((sum, hit) => sum + hit, 0)
}
