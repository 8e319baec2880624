import { randomBelow } from '@exprsn/core'
import type { SimulationResult } from '@exprsn/core/testing'
import { createWebhookHandler } from '../../payments/create-webhook-handler.ts'
import { checkHost, type HostOrderHistory } from './check-host.ts'
import type { HostApp, HostGateway, HostOrder, HostWorld } from './host-app.ts'
import { HostStage } from './host-stage.ts'

/** What a run is made from. */
export interface RunHostOptions {
  readonly seed: number
  readonly orders: number
  readonly gateways: readonly HostGateway[]
}

/** Buyers, gateways, crashes and webhooks of one seed; then everything heals, and what is left is compared. */
export async function runHost(
  open: (world: HostWorld) => Promise<HostApp> | HostApp,
  { seed, orders, gateways }: RunHostOptions,
): Promise<SimulationResult> {
  const stage = await HostStage.open(seed, open)
  try {
    const violations: string[] = []
    stage.fail()
    const histories: HostOrderHistory[] = []
    for (let number = 1; number <= orders; number++) {
      histories.push(await buy(stage, newHistory(stage, number, gateways), violations))
      await live(stage, '2m', violations)
    }
    for (const history of histories) await buy(stage, history, violations)
    await live(stage, '2d', violations)
    for (const history of histories) await giveBack(stage, history, violations)
    stage.heal()
    // After some hours every gateway has said of everything whether it was done.
    for (let round = 0; round < 14; round++) await live(stage, '30m', violations)
    violations.push(...(await checkHost(stage, histories)))
    return { faults: stage.faults, violations: [...new Set(violations)] }
  } finally {
    await stage.close()
  }
}

function newHistory(stage: HostStage, number: number, gateways: readonly HostGateway[]): HostOrderHistory {
  const { random } = stage
  const gateway = gateways[number % gateways.length]!
  const currency = gateway === 'authorizenet' ? 'USD' : 'EUR'
  const amount = { amount: BigInt(100 + randomBelow(random, 9_900)), currency }
  const order = { id: `order-${number}`, gateway, amount, attempt: 1, token: tokenOf(stage, gateway, number % 5 === 0) }
  return { order, told: [], refunds: new Map() }
}

function tokenOf({ simulators: { paypal, authorizenet } }: HostStage, gateway: HostGateway, declines: boolean): string {
  if (gateway === 'stripe') return declines ? 'pm_card_visa_chargeDeclined' : 'pm_card_visa'
  return (gateway === 'paypal' ? paypal : authorizenet).createToken(declines ? 'declines' : 'pays')
}

/** The buyer presses the button, at times twice, and comes back until there is an answer. */
async function buy(stage: HostStage, history: HostOrderHistory, violations: string[]): Promise<HostOrderHistory> {
  const { random } = stage
  for (let visit = 0; visit < 4; visit++) {
    const last = history.told.at(-1)
    if (last === 'paid' || last === 'pending') return history
    const clicks = randomBelow(random, 3) === 0 ? 2 : 1
    if (clicks === 2) stage.hit('buyer/double-click')
    const answers = await Promise.all(
      Array.from({ length: clicks }, (_, click) => click).map((click) =>
        press(stage, history.order, click, violations),
      ),
    )
    if (answers.includes('hangs')) return history
    const best = (['paid', 'pending', 'declined'] as const).find((each) => answers.includes(each))
    if (best !== undefined) history.told.push(best)
    if (best === 'declined') history.order = nextCard(stage, history.order)
  }
  return history
}

async function press(stage: HostStage, order: HostOrder, which: number, violations: string[]) {
  const process = await stage.process(which)
  const outcome = await stage.within(process, () => process.app.checkout(order))
  if (outcome === 'hangs') {
    violations.push(`The checkout of ${order.id} never comes back.`)
    return outcome
  }
  return typeof outcome === 'object' && 'result' in outcome ? outcome.result : undefined
}

function nextCard(stage: HostStage, order: HostOrder): HostOrder {
  return { ...order, attempt: order.attempt + 1, token: tokenOf(stage, order.gateway, false) }
}

/** A clerk gives parts back, and presses the button again when there is an error. */
async function giveBack(stage: HostStage, { order, told, refunds }: HostOrderHistory, violations: string[]) {
  const { random } = stage
  if (!told.includes('paid')) return
  for (let number = 1; number <= randomBelow(random, 3); number++) {
    const amount = { ...order.amount, amount: 1n + BigInt(randomBelow(random, Number(order.amount.amount))) }
    const key = `${order.id}/refund-${number}`
    refunds.set(key, amount.amount)
    for (let visit = 0; visit < 3; visit++) {
      const process = await stage.process(randomBelow(random, 2))
      const outcome = await stage.within(process, () => refund(process.app, order, amount, key))
      if (outcome === 'hangs') violations.push(`The refund ${key} never comes back.`)
      if (typeof outcome === 'object' && 'result' in outcome) break
    }
  }
}

async function refund({ payments, ...app }: HostApp, order: HostOrder, amount: HostOrder['amount'], key: string) {
  if (app.refund !== undefined) return app.refund(order, amount, key)
  const payment = (await payments?.paymentsOf(order.id))?.find(({ captured }) => captured.amount > 0n)
  if (payment !== undefined) return payments?.refund({ payment, amount, key })
  return undefined
}

/** Time passes: webhooks arrive or do not, and what runs every minute runs. */
async function live(stage: HostStage, span: '2m' | '30m' | '2d', violations: string[]): Promise<void> {
  const { random, clock, simulators } = stage
  await clock.advanceBy(span)
  for (const [gateway, simulator] of Object.entries(simulators) as [HostGateway, HostWorld[HostGateway]][]) {
    simulator.settle()
    const process = await stage.process(randomBelow(random, 2))
    simulator.webhooks.sendTo(async (request) => {
      const answer = await stage.within(process, () => webhook(process.app, request, gateway))
      return typeof answer === 'object' && 'result' in answer ? answer.result : new Response(null, { status: 502 })
    })
    if (process.app.webhook === undefined && process.app.payments === undefined) simulator.webhooks.clear()
    const { lost } = await simulator.webhooks.deliver({ lose: 0.25, duplicate: 0.25, shuffle: true })
    stage.hit('webhook/lost', lost)
  }
  const process = await stage.process(randomBelow(random, 2))
  const { app } = process
  const tick = app.tick === undefined ? () => app.payments?.sweep() : () => app.tick!()
  if ((await stage.within(process, async () => tick())) === 'hangs') violations.push('What runs every minute hangs.')
}

async function webhook(app: HostApp, request: Request, gateway: HostGateway): Promise<Response> {
  if (app.webhook !== undefined) return app.webhook(request, gateway)
  return createWebhookHandler(app.payments!, { gatewayOf: () => gateway })(request)
}
