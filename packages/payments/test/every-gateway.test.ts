import { systemClock } from '@exprsn/core'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { Client } from '@paypal/paypal-server-sdk'
import { describe, expect, it } from 'vitest'
import { authorizeNetGateway } from '../src/drivers/authorizenet.ts'
import { paypalGateway } from '../src/drivers/paypal.ts'
import { money } from '../src/money/index.ts'
import { createPayments, createWebhookHandler } from '../src/payments/index.ts'
import { gatewayFaultKinds, simulateAuthorizeNet, simulatePaypal } from '../src/testing/index.ts'

async function openPaypal(clock: SimulatedClock) {
  const simulator = await simulatePaypal({ clock, random: new SeededRandom(1) })
  const { webhookId, certificates, roots, url: baseUrl, clientConfig } = simulator
  const client = new Client({ ...clientConfig, timeout: 400 })
  const webhook = { webhookIds: [webhookId], webhookCertificates: certificates, webhookRoots: roots }
  return { simulator, gateway: paypalGateway({ client, clock, baseUrl, ...webhook }), command: 'POST /v2' }
}

async function openAuthorizeNet(clock: SimulatedClock) {
  const simulator = await simulateAuthorizeNet({ clock, random: new SeededRandom(1) })
  const { apiLoginId, transactionKey, signatureKey, url: baseUrl } = simulator
  const account = { apiLoginId, transactionKey, baseUrl, signatureKeys: [signatureKey] }
  const gateway = authorizeNetGateway({ ...account, timeout: 400, clock: { ...systemTimers, now: () => clock.now() } })
  return { simulator, gateway, command: 'createTransactionRequest' }
}

/** Answers that never come are given up by real time; everything else goes by the simulated one. */
const systemTimers = {
  monotonic: () => systemClock.monotonic(),
  setTimer: (...given: Parameters<typeof systemClock.setTimer>) => systemClock.setTimer(...given),
}

const doneFaults = ['lost_response', 'truncated_response', 'error_after', 'no_answer'] as const
const undoneFaults = ['lost_request', 'error_before'] as const

const gateways = { paypal: openPaypal, authorizenet: openAuthorizeNet }

describe.each(['paypal', 'authorizenet'] as const)('payments over %s', (name) => {
  async function open() {
    const clock = new SimulatedClock({ now: Date.UTC(2026, 0, 1, 8) })
    const { simulator, gateway, command } = await gateways[name](clock)
    const database = sqliteDatabase({ path: ':memory:' })
    const payments = createPayments({ database, gateways: { [name]: gateway }, clock, random: new SeededRandom(2) })
    await migrate(database, [payments.migrations])
    simulator.webhooks.sendTo(createWebhookHandler(payments, { gatewayOf: () => name }))
    const charge = (key: string, token = simulator.createToken()) =>
      payments.charge({
        gateway: name,
        amount: money('49.90', 'USD'),
        method: { kind: 'token', token },
        order: `order-${key}`,
        key,
      })
    const sound = async (): Promise<void> => {
      await clock.advanceBy(4 * 3_600_000)
      await payments.sweep()
      expect((await payments.sweep()).failures).toEqual([])
      expect((await payments.ledger.verify()).faults).toEqual([])
      expect((await payments.ledger.trialBalance()).balanced).toBe(true)
    }
    const close = async (): Promise<void> => {
      await payments.close()
      await simulator.close()
      await database.close()
    }
    return { clock, simulator, command, payments, charge, sound, [Symbol.asyncDispose]: close }
  }

  it('charges once under one key', async () => {
    await using given = await open()
    const token = given.simulator.createToken()
    expect((await given.charge('one', token)).status).toBe('succeeded')
    expect((await given.charge('one', token)).status).toBe('succeeded')
    await given.sound()
    expect(given.simulator.payments().map(({ captured }) => captured)).toEqual([4990n])
  })

  it.each(gatewayFaultKinds)('agrees with the gateway after %s, though every webhook is lost', async (kind) => {
    await using given = await open()
    given.simulator.faults.plan({ kind, when: given.command })
    await given.charge('one').catch(() => undefined)
    given.simulator.webhooks.clear()
    await given.sound()
    const truth = given.simulator.payments().reduce((sum, { captured }) => sum + captured, 0n)
    const [payment] = await given.payments.paymentsOf('order-one')
    expect([0n, 4990n]).toContain(truth)
    expect(payment?.captured.amount ?? 0n).toBe(truth)
  })

  it.each(doneFaults)(
    'fault: gateway timeout after success: %s of a charge whose webhook is lost as well is found by the sweep alone',
    async (kind) => {
      await using given = await open()
      given.simulator.faults.plan({ kind, when: given.command })
      expect((await given.charge('one')).status).toBe('unknown')
      given.simulator.webhooks.clear()
      expect(await given.payments.sweep()).toMatchObject({ resolved: 1, failures: [] })
      const [payment] = await given.payments.paymentsOf('order-one')
      expect(payment).toMatchObject({ state: 'captured', captured: money('49.90', 'USD') })
      await given.sound()
      expect(given.simulator.payments()).toHaveLength(1)
      expect((await given.payments.ledger.account('income:sales:USD')).balance).toBe(4990n)
    },
  )

  it.each(undoneFaults)('is sure some hours after %s that nothing was done, and then charges once', async (kind) => {
    await using given = await open()
    given.simulator.faults.plan({ kind, when: given.command })
    const token = given.simulator.createToken()
    expect((await given.charge('one', token)).status).toBe('unknown')
    given.simulator.webhooks.clear()
    for (let round = 0; round < 40; round++) {
      await given.clock.advanceBy('10m')
      await given.payments.sweep()
    }
    expect((await given.payments.paymentsOf('order-one'))[0]).toMatchObject({ state: 'created' })
    // Accept.js tokens end after 15 minutes: the buyer pays anew, which is another command.
    const again = name === 'paypal' ? given.charge('one', token) : given.charge('two')
    expect((await again).status).toBe('succeeded')
    await given.sound()
    expect(given.simulator.payments().map(({ captured }) => captured)).toEqual([4990n])
  })

  it('learns of a charge without an answer from the webhook about its parts', async () => {
    await using given = await open()
    given.simulator.faults.plan({ kind: 'lost_response', when: given.command })
    expect((await given.charge('one')).status).toBe('unknown')
    expect(await given.simulator.webhooks.deliver()).toMatchObject({ refused: 0 })
    const [payment] = await given.payments.paymentsOf('order-one')
    if (name === 'paypal') expect(payment).toMatchObject({ state: 'captured' })
    await given.sound()
    expect(given.simulator.payments()).toHaveLength(1)
  })
})
