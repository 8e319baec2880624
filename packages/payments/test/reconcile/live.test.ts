import { systemClock, type Clock } from '@exprsn/core'
import { migrate, sqliteDatabase } from '@exprsn/core/database'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { Client } from '@paypal/paypal-server-sdk'
import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { authorizeNetGateway } from '../../src/drivers/authorizenet.ts'
import { paypalGateway } from '../../src/drivers/paypal.ts'
import { stripeGateway } from '../../src/drivers/stripe.ts'
import { money } from '../../src/money/index.ts'
import { createPayments, type Payments } from '../../src/payments/index.ts'
import { checkProof, fetchSettlements, readOurRecords, reconcile } from '../../src/reconcile/index.ts'
import { readStatements } from '../../src/statement/index.ts'
import { simulateAuthorizeNet, simulatePaypal, simulateStripe, writeStatement } from '../../src/testing/index.ts'

const begin = Date.UTC(2026, 9, 1, 8)
const usd = (value: string) => money(value, 'USD')

async function openShop() {
  const clock = new SimulatedClock({ now: begin })
  const time: Clock = {
    now: () => clock.now(),
    monotonic: () => systemClock.monotonic(),
    setTimer: (...timer) => systemClock.setTimer(...timer),
  }
  const random = new SeededRandom(7)
  const stripe = await simulateStripe({ clock, random })
  const paypal = await simulatePaypal({ clock, random })
  const authorizenet = await simulateAuthorizeNet({ clock, random })
  const { apiLoginId, transactionKey, signatureKey } = authorizenet
  const gateways = {
    stripe: stripeGateway({
      client: new Stripe(stripe.apiKey, stripe.clientConfig),
      webhookSecrets: [stripe.webhookSecret],
      clock: time,
    }),
    paypal: paypalGateway({
      client: new Client(paypal.clientConfig),
      ...{ baseUrl: paypal.url, clock: time, webhookIds: [paypal.webhookId] },
      ...{ webhookCertificates: paypal.certificates, webhookRoots: paypal.roots },
    }),
    authorizenet: authorizeNetGateway({
      ...{ apiLoginId, transactionKey, baseUrl: authorizenet.url, signatureKeys: [signatureKey], clock: time },
    }),
  }
  const database = sqliteDatabase({ path: ':memory:' })
  const payments = createPayments({ database, gateways, clock: time, random })
  await migrate(database, [payments.migrations])
  const tokens = {
    stripe: () => 'pm_card_visa',
    paypal: () => paypal.createToken(),
    authorizenet: () => authorizenet.createToken(),
  }
  const close = async (): Promise<void> => {
    await payments.close()
    await Promise.all([stripe, paypal, authorizenet].map((each) => each.close()))
    await database.close()
  }
  return {
    clock,
    gateways,
    payments,
    tokens,
    simulators: { stripe, paypal, authorizenet },
    [Symbol.asyncDispose]: close,
  }
}

type Shop = Awaited<ReturnType<typeof openShop>>

async function sell({ payments, tokens, clock }: Shop): Promise<void> {
  for (const gateway of ['stripe', 'paypal', 'authorizenet'] as const)
    for (let number = 0; number < 6; number++) {
      const key = `${gateway}-${number}`
      const method = { kind: 'token', token: tokens[gateway]() } as const
      // The same price for all: only names tell them apart.
      const outcome = await payments.charge({ gateway, amount: usd('49.90'), method, order: `order-${key}`, key })
      expect(outcome.status).toBe('succeeded')
    }
  await clock.advanceBy('2d')
  await sweepAll(payments)
}

async function sweepAll(payments: Payments): Promise<void> {
  for (let round = 0; round < 4; round++) await payments.sweep()
}

describe('the gateways’ own reports', () => {
  it(
    'agree with the books of payments over Stripe, PayPal and Authorize.Net, refunds and payouts included',
    { timeout: 30_000 },
    async () => {
      await using shop = await openShop()
      const { payments, clock, gateways, simulators } = shop
      await sell(shop)
      for (const gateway of ['stripe', 'paypal', 'authorizenet']) {
        const [payment] = await payments.paymentsOf(`order-${gateway}-0`)
        const refund = await payments.refund({ payment: payment!, amount: usd('10.00'), key: `${gateway}-r` })
        expect([gateway, refund.status]).toEqual([gateway, expect.stringMatching(/succeeded|pending/)])
      }
      await clock.advanceBy('8d')
      const payout = await payments.payout({ gateway: 'stripe', amount: usd('200.00'), key: 'po' })
      expect(payout.status).toMatch(/succeeded|pending/)
      await clock.advanceBy('5d')
      for (const simulator of Object.values(simulators)) simulator.settle()
      await sweepAll(payments)

      const movements = Object.values(simulators)
        .flatMap((each) => each.bankStatement())
        .map(({ id, bookedOn, amount, currency, text }) => ({
          ...{ bookedOn, amount: { amount, currency }, bankReference: id.slice(-16), text },
        }))
      const file = writeStatement('camt', { id: 'S', account: 'US1', opening: usd('0'), movements })
      const report = reconcile({
        ours: await readOurRecords(payments),
        settlements: await fetchSettlements(gateways, { since: new Date(begin), until: new Date(clock.now()) }),
        statements: await readStatements(new TextEncoder().encode(file)),
      })
      expect(checkProof(report.proof)).toEqual([])
      expect(report.exceptions.map(({ item, reason }) => [item, reason])).toEqual([])
      // 18 charges, 3 refunds, a payout of Stripe, two batches of Authorize.Net.
      expect(report.matches).toHaveLength(24)
      const [totals] = report.proof.totals
      expect(totals).toMatchObject({
        ours: '86820',
        gross: '86820',
        openBank: '0',
        openPayouts: '0',
        payoutDifferences: '0',
      })
      expect(totals!.bank).toBe(totals!.paidOut)
      const held = Object.values(simulators).reduce(
        (sum, each) => sum + each.balance().reduce((of, { gross, fee }) => of + gross - fee, 0n),
        0n,
      )
      expect(totals!.held).toBe(String(held))
    },
  )

  it('fault: of a gateway that cannot be asked give nothing', async () => {
    await using shop = await openShop()
    await shop.simulators.stripe.close()
    await expect(fetchSettlements(shop.gateways, { since: new Date(begin) })).rejects.toThrow()
  })
})
