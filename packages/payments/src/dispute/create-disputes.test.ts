import type { Notification } from '@exprsn/core/notify'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { postgresDatabase } from '@exprsn/core/drivers/postgres'
import { createScheduler, every } from '@exprsn/core/schedule'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { shuffled } from '@exprsn/core'
import { freshPostgresDatabase } from '@exprsn/real-servers/postgres'
import { Client } from '@paypal/paypal-server-sdk'
import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { authorizeNetGateway } from '../drivers/authorizenet.ts'
import { paypalGateway } from '../drivers/paypal.ts'
import { stripeGateway } from '../drivers/stripe.ts'
import { money } from '../money/money.ts'
import { createPayments, type Payments } from '../payments/index.ts'
import { simulateAuthorizeNet, type AuthorizeNetSimulator } from '../testing/authorizenet/simulate-authorize-net.ts'
import { simulatePaypal, type PaypalSimulator } from '../testing/paypal/simulate-paypal.ts'
import { simulateStripe, type StripeSimulator } from '../testing/stripe/simulate-stripe.ts'
import { createDisputes, readDisputeFile, type Disputes } from './index.ts'

const engines: Readonly<Record<string, () => Promise<Database>>> = {
  SQLite: async () => sqliteDatabase({ path: ':memory:' }),
  PostgreSQL: async () => {
    const server = await freshPostgresDatabase()
    const database = postgresDatabase({ connection: { ...server.connection }, max: 6 })
    const close = async (): Promise<void> => {
      await database.close()
      await server.drop()
    }
    return { ...database, close, [Symbol.asyncDispose]: close }
  },
}

const day = 86_400_000
const ann = { by: 'ann' }
const delivered = { productDescription: 'A lamp', deliveredOn: '2026-01-02' }

describe.each(Object.keys(engines))('disputes over %s', (engine) => {
  /** What has nothing to do with the database is tried over one of them. */
  const once: (name: string, test: () => unknown) => void = engine === 'SQLite' ? it : () => {}
  let database: Database
  let clock: SimulatedClock
  let stripe: StripeSimulator
  let paypal: PaypalSimulator
  let anet: AuthorizeNetSimulator
  let payments: Payments
  let disputes: Disputes
  let told: Notification[]

  beforeEach(async () => {
    clock = new SimulatedClock({ now: Date.UTC(2026, 0, 5) })
    const random = new SeededRandom(7)
    database = await engines[engine]!()
    ;[stripe, paypal, anet] = await Promise.all([
      simulateStripe({ clock, random: random.fork('stripe') }),
      simulatePaypal({ clock, random: random.fork('paypal') }),
      simulateAuthorizeNet({ clock, random: random.fork('authorizenet') }),
    ])
    const { webhookId, certificates, roots } = paypal
    const gateways = {
      stripe: stripeGateway({
        client: new Stripe(stripe.apiKey, { ...stripe.clientConfig, timeout: 10_000 }),
        clock,
        webhookSecrets: [stripe.webhookSecret],
      }),
      paypal: paypalGateway({
        client: new Client({ ...paypal.clientConfig, timeout: 10_000 }),
        ...{ clock, baseUrl: paypal.url, webhookIds: [webhookId] },
        ...{ webhookCertificates: certificates, webhookRoots: roots },
      }),
      authorizenet: authorizeNetGateway({
        ...{ apiLoginId: anet.apiLoginId, transactionKey: anet.transactionKey, baseUrl: anet.url, clock },
      }),
    }
    payments = createPayments({ database, gateways, clock, random: random.fork('payments') })
    told = []
    const notify = {
      send: async (notification: Notification) => {
        told.push(notification)
        return { id: 'n', duplicate: false, channels: [] }
      },
    }
    disputes = createDisputes({ database, payments, notify, clock })
    await migrate(database, [payments.migrations, disputes.migrations])
  })

  afterEach(async () => {
    await payments.close()
    await Promise.all([stripe.close(), paypal.close(), anet.close(), database.close()])
  })

  async function sweep(): Promise<void> {
    const { failures } = await payments.sweep()
    expect(failures).toEqual([])
    expect((await disputes.sweep()).failures).toEqual([])
  }

  async function boughtByStripe(key: string): Promise<{ readonly id: string; readonly reference: string }> {
    const amount = money('49.90', 'EUR')
    const method = { kind: 'token', token: 'pm_card_visa' } as const
    const { payment } = await payments.charge({ gateway: 'stripe', amount, method, order: `order ${key}`, key })
    return { id: payment.id, reference: payment.reference! }
  }

  async function boughtByPaypal(key: string): Promise<{ readonly id: string; readonly capture: string }> {
    const amount = money('20.00', 'EUR')
    const method = { kind: 'redirect' } as const
    const returnUrl = 'https://shop.example/back'
    const begun = await payments.charge({ gateway: 'paypal', amount, method, returnUrl, key })
    paypal.approve(begun.payment.reference!)
    const { payment } = await payments.resume({ payment: begun.payment, key: `${key}/resume` })
    const [capture] = await payments.transfersOf(payment)
    return { id: payment.id, capture: capture!.reference }
  }

  // It asks the engine nothing that the others do not.
  once('answers a dispute of Stripe, wins it, and the books have every step', async () => {
    const { reference, id: payment } = await boughtByStripe('k1')
    const dispute = stripe.openDispute(reference, { reason: 'product_not_received', networkReason: '13.1' })
    await sweep()
    const id = `stripe:${dispute}`
    expect(await disputes.case(id)).toMatchObject({
      ...{ gateway: 'stripe', payment, stage: 'chargeback', status: 'evidence_due', family: 'not_received' },
      ...{ network: 'visa', networkReason: '13.1', amount: { amount: 4_990n }, withdrawn: { amount: 4_990n } },
      ...{ actions: ['accept', 'submit_evidence'], dueBy: new Date(clock.now() + 9 * day) },
    })
    expect(await disputes.submit(id, ann)).toMatchObject({ status: 'incomplete', missing: ['product', 'delivery'] })
    expect(stripe.evidenceOf(dispute)).toEqual({})

    await disputes.gather(id, delivered, ann)
    expect(await disputes.check(id)).toMatchObject({ complete: true })
    expect(await disputes.submit(id, ann)).toMatchObject({
      status: 'done',
      case: { status: 'under_review', answered: true },
    })
    expect(stripe.evidenceOf(dispute)).toMatchObject({
      product_description: 'A lamp',
      uncategorized_text: 'Delivered on 2026-01-02.',
    })
    expect(await disputes.submit(id, ann)).toMatchObject({ status: 'refused', refusal: { reason: 'already_done' } })

    stripe.closeDispute(dispute, true)
    await sweep()
    expect(await disputes.case(id)).toMatchObject({ status: 'won', reinstated: { amount: 4_990n } })
    expect((await disputes.postings(id)).map(({ debit, credit, amount }) => [debit, credit, amount])).toEqual([
      ['assets:disputed:stripe:EUR', 'assets:gateway:stripe:EUR', 4_990n],
      ['expenses:dispute-fees:stripe:EUR', 'assets:gateway:stripe:EUR', 1_500n],
      ['assets:gateway:stripe:EUR', 'assets:disputed:stripe:EUR', 4_990n],
      ['assets:gateway:stripe:EUR', 'expenses:dispute-fees:stripe:EUR', 1_500n],
    ])
    expect((await payments.ledger.verify()).ok).toBe(true)
    expect((await disputes.history(id)).map(({ action, actor }) => `${action} (${actor})`)).toEqual([
      'reported (gateway)',
      expect.stringContaining('alarm: '),
      'evidence gathered (ann)',
      'submission begun (ann)',
      expect.stringMatching(/^(reported \(gateway\)|submitted \(ann\))$/),
      expect.stringMatching(/^(submitted \(ann\)|alarm: .*)$/),
      expect.anything(),
      expect.anything(),
    ])
    expect(await disputes.report()).toMatchObject({
      all: { cases: 1, won: 1, winRate: 1 },
      amounts: [{ currency: 'EUR', recovered: { amount: 4_990n }, lost: { amount: 0n } }],
    })
  })

  it('follows PayPal’s links: evidence in the chargeback, an appeal in the next stage, and money that goes twice', async () => {
    const { capture } = await boughtByPaypal('k2')
    const dispute = paypal.openDispute(capture)
    await sweep()
    const id = `paypal:${dispute}`
    await disputes.gather(id, { ...delivered, shippingCarrier: 'Post', shippingTracking: 'RR123456785AT' }, ann)
    expect(await disputes.submit(id, ann)).toMatchObject({ status: 'done', case: { status: 'under_review' } })
    expect(paypal.evidenceOf(dispute)).toMatchObject([
      { evidence_type: 'PROOF_OF_FULFILLMENT' },
      { evidence_type: 'OTHER' },
    ])
    await clock.advanceBy(day)
    paypal.closeDispute(dispute, true)
    await sweep()
    expect(await disputes.case(id)).toMatchObject({ status: 'won', stage: 'chargeback' })

    await clock.advanceBy(day)
    paypal.escalateDispute(dispute, 'PRE_ARBITRATION')
    await sweep()
    expect(await disputes.case(id)).toMatchObject({
      ...{ status: 'evidence_due', stage: 'pre_arbitration', withdrawn: { amount: 4_000n } },
      reinstated: { amount: 2_000n },
    })
    expect(await disputes.submit(id, ann)).toMatchObject({ status: 'done', case: { status: 'under_review' } })
    await clock.advanceBy(day)
    paypal.closeDispute(dispute, false)
    await sweep()
    expect(await disputes.case(id)).toMatchObject({ status: 'lost', stage: 'pre_arbitration' })
    expect((await payments.ledger.account('expenses:disputes:paypal:EUR')).balance).toBe(2_000n)
    expect((await payments.ledger.account('assets:disputed:paypal:EUR')).balance).toBe(0n)
    const actions = paypal.requests.filter(({ request }) => /^POST .*\/disputes\//.test(request))
    expect(actions.map(({ request }) => request.split('/').at(-1))).toEqual(['provide-evidence', 'appeal'])
  })

  // It asks the engine nothing that the others do not.
  once('asks again where PayPal wants more in the same stage', async () => {
    const { capture } = await boughtByPaypal('k3')
    const dispute = paypal.openDispute(capture)
    await sweep()
    const id = `paypal:${dispute}`
    await disputes.gather(id, delivered, ann)
    await disputes.submit(id, ann)
    await clock.advanceBy(day)
    paypal.askAgain(dispute)
    await sweep()
    expect(await disputes.case(id)).toMatchObject({ status: 'evidence_due' })
    expect(await disputes.submit(id, ann)).toMatchObject({ status: 'done', case: { status: 'under_review' } })
    expect(paypal.evidenceOf(dispute)).toHaveLength(2)
  })

  // It asks the engine nothing that the others do not.
  once(
    'takes Authorize.Net’s disputes from a file, says that it can do nothing there, and notes what people did',
    async () => {
      expect(payments.capabilities['authorizenet']).toMatchObject({
        disputes: false,
        acceptDispute: false,
        submitEvidence: false,
      })
      const { payment } = await payments.charge({
        ...{ gateway: 'authorizenet', amount: money('12.50', 'USD'), key: 'k4' },
        method: { kind: 'token', token: anet.createToken() },
      })
      const file = (status: string, changed: string) =>
        readDisputeFile(
          `Case,Tx,Amount,Status,Code,Due,Changed\nCB-1,${payment.reference},12.50,${status},13.1,2026-01-20,${changed}\n`,
          {
            columns: {
              ...{ reference: 'Case', payment: 'Tx', amount: 'Amount', status: 'Status' },
              ...{ reasonCode: 'Code', dueOn: 'Due', changedOn: 'Changed' },
            },
            states: { New: 'needs_response', Won: 'won' },
            currency: 'USD',
          },
        )
      const first = file('New', '2026-01-06')
      expect(await payments.importReports('authorizenet', first)).toMatchObject({ events: 1, duplicates: 0 })
      expect(await payments.importReports('authorizenet', first)).toMatchObject({ events: 0, duplicates: 1 })
      await disputes.sweep()
      const id = 'authorizenet:CB-1'
      expect(await disputes.case(id)).toMatchObject({ status: 'evidence_due', family: 'not_received' })
      await disputes.gather(id, delivered, ann)
      expect(await disputes.submit(id, ann)).toMatchObject({ status: 'refused', refusal: { reason: 'not_supported' } })
      expect(await disputes.accept(id, ann)).toMatchObject({ status: 'refused', refusal: { reason: 'not_supported' } })
      expect(await disputes.noteSubmitted(id, { by: 'ann', note: 'by fax' })).toMatchObject({ status: 'submitted' })
      await payments.importReports('authorizenet', file('Won', '2026-01-15'))
      await disputes.sweep()
      expect(await disputes.case(id)).toMatchObject({ status: 'won', answered: true })
      expect((await payments.ledger.account('assets:disputed:authorizenet:USD')).balance).toBe(0n)
    },
  )

  // It asks the engine nothing that the others do not.
  once('concedes, and tells that from losing', async () => {
    const [mine, theirs] = [await boughtByStripe('k5'), await boughtByStripe('k6')]
    const [conceded, lost] = [stripe.openDispute(mine.reference), stripe.openDispute(theirs.reference)]
    await sweep()
    expect(await disputes.accept(`stripe:${conceded}`, ann)).toMatchObject({
      status: 'done',
      case: { status: 'accepted' },
    })
    stripe.closeDispute(lost, false)
    await sweep()
    expect(await disputes.case(`stripe:${lost}`)).toMatchObject({ status: 'lost', answered: false })
    expect(await disputes.accept(`stripe:${lost}`, ann)).toMatchObject({
      status: 'refused',
      refusal: { reason: 'already_done' },
    })
    expect(await disputes.report()).toMatchObject({
      all: { cases: 2, lost: 1, accepted: 1, winRate: undefined },
      amounts: [{ lost: { amount: 9_980n }, fees: { amount: 3_000n } }],
    })
  })

  it('sends evidence once when the answer is lost, and finds out what became of it', async () => {
    const { reference } = await boughtByStripe('k7')
    const dispute = stripe.openDispute(reference)
    await sweep()
    const id = `stripe:${dispute}`
    await disputes.gather(id, { explanation: 'It was delivered.' }, ann)
    stripe.faults.plan({ kind: 'no_answer', when: 'POST /v1/disputes' })
    const outcome = await disputes.submit(id, { ...ann, evenIncomplete: true })
    expect(outcome).toMatchObject({ status: 'unknown', case: { underway: 'submit' } })
    // What is gathered meanwhile is for the next time.
    await disputes.gather(id, { explanation: 'Another.' }, ann)
    await clock.advanceBy(60_000)
    await sweep()
    expect(await disputes.case(id)).toMatchObject({ status: 'under_review', underway: undefined, answered: true })
    expect(stripe.evidenceOf(dispute)).toMatchObject({ uncategorized_text: 'It was delivered.' })
    const sent = stripe.requests.filter(({ request }) => request === `POST /v1/disputes/${dispute}`)
    expect(sent).toHaveLength(1)
  })

  it('many who submit at the same moment hand it in once', async () => {
    const { reference } = await boughtByStripe('k8')
    const dispute = stripe.openDispute(reference, { reason: 'product_not_received' })
    await sweep()
    const id = `stripe:${dispute}`
    await disputes.gather(id, delivered, ann)
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => disputes.submit(id, ann)))
    expect(outcomes.filter(({ status }) => status === 'done').length).toBeGreaterThan(0)
    await sweep()
    expect(await disputes.case(id)).toMatchObject({ status: 'under_review', submissions: [{ by: 'ann' }] })
    expect(stripe.requests.filter(({ request }) => request === `POST /v1/disputes/${dispute}`)).toHaveLength(1)
  })

  // It asks the engine nothing that the others do not.
  once('tells of a case once, then as its deadline comes near, and when it has passed', async () => {
    const { reference } = await boughtByStripe('k9')
    const dispute = stripe.openDispute(reference)
    await sweep()
    await sweep()
    expect(told.map(({ title, severity }) => [title, severity])).toEqual([
      [`Dispute stripe:${dispute} wants evidence (fraudulent)`, 'warning'],
    ])
    const seen = async (days: number): Promise<string | undefined> => {
      await clock.advanceBy(days * day)
      told.splice(0)
      await disputes.sweep()
      expect(told.length).toBeLessThan(2)
      return told[0]?.title
    }
    expect(await seen(2)).toContain('within 7 days')
    expect(await seen(1)).toBeUndefined()
    expect(await seen(5)).toContain('within 1 days')
    expect(await disputes.cases({ status: 'expired' })).toEqual([])
    expect(await disputes.cases({ status: 'evidence_due' })).toHaveLength(1)
    expect(await seen(1)).toContain('not answered in time')
    expect(await disputes.cases({ status: 'expired' })).toMatchObject([{ id: `stripe:${dispute}`, status: 'expired' }])
    expect(await disputes.cases({ status: 'evidence_due' })).toEqual([])
    expect(await disputes.report()).toMatchObject({ all: { expired: 1, open: 0 } })
    await disputes.gather(`stripe:${dispute}`, { explanation: 'Too late.' }, ann)
    const late = await disputes.submit(`stripe:${dispute}`, { ...ann, evenIncomplete: true })
    expect(late).toMatchObject({ status: 'refused' })
    stripe.closeDispute(dispute, false)
    await payments.sweep()
    told.splice(0)
    await disputes.sweep()
    expect(told.map(({ status, title }) => [status, title.split(' ').at(-1)])).toEqual([
      ['resolved', 'lost'],
      ['firing', 'lost'],
    ])
  })

  // It asks the engine nothing that the others do not.
  once('runs by a scheduler', async () => {
    const { reference } = await boughtByStripe('k10')
    const dispute = stripe.openDispute(reference)
    await payments.sweep()
    await using scheduler = createScheduler({ database, clock })
    await migrate(database, [scheduler.migrations])
    disputes.scheduleOn(scheduler, every('5m'))
    await scheduler.runNow('disputes')
    expect(await disputes.case(`stripe:${dispute}`)).toMatchObject({ status: 'evidence_due' })
  })

  it('finds two older purchases by the same card, and hands them in as Stripe wants them', async () => {
    const remember = async (key: string, given: object = {}): Promise<string> => {
      const { id, reference } = await boughtByStripe(key)
      const [capture] = await payments.transfersOf(id)
      const base = { payment: id, charge: capture!.reference, at: new Date(clock.now()), credential: 'fp_1' }
      const common = { ip: '203.0.113.7', accountId: 'u-1', description: 'A lamp' }
      await disputes.rememberPurchase({ ...base, ...common, ...given })
      return reference
    }
    await remember('old-1')
    await remember('old-2')
    stripe.openDispute(await remember('old-3'))
    await clock.advanceBy(200 * day)
    const dispute = stripe.openDispute(await remember('new'), { networkReason: '10.4' })
    await sweep()
    const id = `stripe:${dispute}`
    const finding = await disputes.findCompelling(id)
    expect(finding).toMatchObject({ eligible: true, elements: ['ip', 'account'], evidence: { priors: { length: 2 } } })
    if (!finding.eligible) return
    const evidence = { productDescription: 'A lamp', customerName: 'B', compelling: finding.evidence }
    await disputes.gather(id, evidence, ann)
    expect(await disputes.submit(id, ann)).toMatchObject({ status: 'done' })
    expect(stripe.evidenceOf(dispute)).toMatchObject({
      enhanced_evidence: {
        visa_compelling_evidence_3: {
          disputed_transaction: { customer_purchase_ip: '203.0.113.7', merchandise_or_services: 'merchandise' },
          prior_undisputed_transactions: [{ customer_account_id: 'u-1' }, { customer_account_id: 'u-1' }],
        },
      },
    })
    const { html, json } = await disputes.pack(id)
    expect(html).toContain('ip, account')
    expect(JSON.parse(json)).toMatchObject({ case: { id, status: 'under_review' }, compelling: { eligible: true } })

    await clock.advanceBy(400 * day)
    expect(await disputes.sweep()).toMatchObject({ forgotten: 3 })
  })

  it('webhooks in any order, twice, and the history of events give the same cases', async () => {
    const references = [await boughtByStripe('o1'), await boughtByStripe('o2')].map(({ reference }) => reference)
    const opened = references.map((reference) => stripe.openDispute(reference))
    stripe.closeDispute(opened[0]!, true)
    stripe.closeDispute(opened[1]!, false)
    const requests = stripe.webhooks.take().filter(({ method }) => method === 'POST')
    const bodies = await Promise.all(
      requests.map(async (request) => ({
        headers: request.headers,
        body: new Uint8Array(await request.arrayBuffer()),
      })),
    )
    for (const delivery of [...shuffled(new SeededRandom(3), bodies), ...bodies]) {
      await payments.receive('stripe', delivery)
      await disputes.sweep()
    }
    await sweep()
    const ended = Object.fromEntries((await disputes.cases()).map(({ id, status }) => [id, status]))
    expect(ended).toEqual({ [`stripe:${opened[0]}`]: 'won', [`stripe:${opened[1]}`]: 'lost' })
  })

  // It asks the engine nothing that the others do not.
  once('bad input: a dispute that is not there', async () => {
    for (const ask of [
      () => disputes.case('stripe:du_0'),
      () => disputes.history('x'),
      () => disputes.gather('x', {}, ann),
      () => disputes.submit('x', ann),
      () => disputes.accept('x', ann),
      () => disputes.pack('x'),
      () => disputes.findCompelling('x'),
      () => disputes.postings('x'),
    ])
      await expect(ask()).rejects.toMatchObject({ code: 'PAYMENTS_DISPUTE_UNKNOWN' })
    await expect(payments.importReports('nobody', [])).rejects.toMatchObject({
      code: 'PAYMENTS_GATEWAY_NOT_CONFIGURED',
    })
  })

  // It asks the engine nothing that the others do not.
  once('bad input: a lead that lies behind the deadline', () => {
    expect(() => createDisputes({ database, payments, leads: [0] })).toThrow(
      expect.objectContaining({ code: 'PAYMENTS_DISPUTE_OPTION_INVALID' }),
    )
  })
})
