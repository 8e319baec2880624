import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { PaymentGateway } from '../../gateway/gateway.ts'
import type { PaymentOutcome } from '../../gateway/outcome.ts'
import { simulateAuthorizeNet, type AuthorizeNetSimulator } from '../../testing/authorizenet/simulate-authorize-net.ts'
import { invoiceNumberOf } from './authorize-net-amount.ts'
import { authorizeNetGateway } from './authorize-net-gateway.ts'
import { inSchemaOrder } from './key-order.ts'

const hour = 3_600_000
const day = 24 * hour
const usd = (amount: bigint) => ({ amount, currency: 'USD' })

let clock: SimulatedClock
let simulator: AuthorizeNetSimulator
let gateway: PaymentGateway

beforeEach(async () => {
  clock = new SimulatedClock({ now: Date.UTC(2026, 0, 1, 8) })
  simulator = await simulateAuthorizeNet({ clock, random: new SeededRandom(7) })
  gateway = gatewayOf(simulator)
})

afterEach(async () => {
  await gateway.close()
  await simulator.close()
})

function gatewayOf(
  { apiLoginId, transactionKey, signatureKey, url: baseUrl }: AuthorizeNetSimulator,
  options: object = {},
) {
  return authorizeNetGateway({ apiLoginId, transactionKey, baseUrl, signatureKeys: [signatureKey], clock, ...options })
}

async function pay(key: string, token = simulator.createToken(), options: object = {}): Promise<PaymentOutcome> {
  return gateway.charge({ key, amount: usd(5000n), method: { kind: 'token', token }, ...options })
}

async function paid(key: string): Promise<string> {
  const outcome = await pay(key)
  if (outcome.status !== 'succeeded') throw new Error(outcome.status)
  return outcome.payment.reference
}

const sent = (name: string) => simulator.requests.filter(({ request }) => request === `POST ${name}`).length

describe('charges', () => {
  it('fault: a timeout without idempotency: the command is looked up before it is sent again, and is done once', async () => {
    const token = simulator.createToken()
    const sentAt = new Date(clock.now())
    simulator.faults.plan({ kind: 'lost_response', when: 'createTransactionRequest' })
    expect(await pay('k', token)).toMatchObject({ status: 'unknown' })
    const known = await gateway.lookup({ operation: 'charge', key: 'k', sentAt, amount: usd(5000n) })
    expect(known).toMatchObject({ found: true, outcome: { status: 'succeeded' } })
    expect(sent('createTransactionRequest')).toBe(1)
    expect(simulator.payments()).toHaveLength(1)
  })

  it('fault: too many requests after a charge was taken leave it open, and do not count as not done', async () => {
    const sentAt = new Date(clock.now())
    simulator.faults.plan({ kind: 'rate_limited', when: 'getTransactionDetailsRequest' })
    expect(await pay('k', simulator.createToken('held'))).toMatchObject({ status: 'unknown' })
    expect(simulator.payments()).toMatchObject([{ state: 'FDSPendingReview' }])
    const known = await gateway.lookup({ operation: 'charge', key: 'k', sentAt, amount: usd(5000n) })
    expect(known).toMatchObject({ found: true, outcome: { status: 'pending' } })
  })

  it('needs one request for a charge that was approved, and says of it what the details say', async () => {
    for (const capture of ['now', 'later']) {
      const outcome = await pay(`k/${capture}`, undefined, { capture, order: 'A-1001' })
      if (!('payment' in outcome) || outcome.payment === undefined) throw new Error(outcome.status)
      expect(outcome.status).toBe(capture === 'now' ? 'succeeded' : 'authorised')
      const asked = sent('getTransactionDetailsRequest')
      expect(asked).toBe(capture === 'now' ? 0 : 1)
      expect(outcome.payment).toEqual(await gateway.fetch({ kind: 'payment', reference: outcome.payment.reference }))
    }
  })

  it('fault: a repeated command whose first outcome cannot be asked for now stays open', async () => {
    const command = { key: 'k', amount: usd(700n), method: await savedMethod() } as const
    expect(await gateway.charge(command)).toMatchObject({ status: 'succeeded' })
    simulator.faults.plan({ kind: 'rate_limited', when: 'getUnsettledTransactionListRequest' })
    expect(await gateway.charge(command)).toMatchObject({ status: 'unknown' })
    expect(simulator.payments()).toHaveLength(1)
  })

  it('fault: a void and a capture that were taken stay open while nobody can be asked', async () => {
    const first = await pay('k1', undefined, { capture: 'later' })
    const second = await pay('k2', undefined, { capture: 'later' })
    if (first.status !== 'authorised' || second.status !== 'authorised') throw new Error('not authorised')
    simulator.faults.plan({ kind: 'rate_limited', when: 'getTransactionDetailsRequest', times: 2 })
    const capture = gateway.capture({ key: 'c', payment: first.payment.reference, amount: usd(5000n) })
    expect(await capture).toMatchObject({ status: 'unknown' })
    expect(await gateway.void({ key: 'v', payment: second.payment.reference })).toMatchObject({ status: 'unknown' })
  })

  it('finds a command in the settled batches, days later', async () => {
    const sentAt = new Date(clock.now())
    const payment = await paid('k')
    await clock.advanceBy(3 * day)
    const known = await gateway.lookup({ operation: 'charge', key: 'k', sentAt, amount: usd(5000n) })
    expect(known).toMatchObject({ found: true, outcome: { status: 'succeeded', payment: { reference: payment } } })
    const other = await gateway.lookup({ operation: 'charge', key: 'other', sentAt, amount: usd(5000n) })
    expect(other).toEqual({ found: false, conclusive: true })
  })

  it('gives the first outcome for a saved method that is charged twice with one key, by the duplicate window', async () => {
    const method = await savedMethod()
    const command = { key: 'k', amount: usd(700n), method } as const
    const [first, second] = [await gateway.charge(command), await gateway.charge(command)]
    expect(second).toEqual(first)
    expect(simulator.payments()).toHaveLength(1)
  })

  it('tries a declined key again with another token', async () => {
    expect(await pay('k', simulator.createToken('declines'))).toMatchObject({ status: 'declined' })
    expect(await pay('k', simulator.createToken())).toMatchObject({ status: 'succeeded' })
  })

  it('waits for a review', async () => {
    for (const approve of [true, false]) {
      const outcome = await pay(`k/${approve}`, simulator.createToken('held'))
      if (outcome.status !== 'pending') throw new Error(outcome.status)
      const { reference } = outcome.payment
      simulator.review(reference, approve)
      expect(await gateway.fetch({ kind: 'payment', reference })).toMatchObject({
        state: approve ? 'captured' : 'declined',
      })
    }
  })

  it('takes Accept.js tokens with and without their descriptor, and no old ones', async () => {
    expect(await pay('k1', `COMMON.ACCEPT.INAPP.PAYMENT|${simulator.createToken()}`)).toMatchObject({
      status: 'succeeded',
    })
    const old = simulator.createToken()
    await clock.advanceBy(hour)
    await expect(pay('k2', old)).rejects.toMatchObject({
      code: 'PAYMENTS_GATEWAY_REQUEST_REFUSED',
      details: { code: 'E00114' },
    })
  })

  it('keeps the order in the description', async () => {
    await pay('k', simulator.createToken(), { order: 'A-1001' })
    expect(simulator.payments()).toMatchObject([{ order: 'A-1001', key: invoiceNumberOf('k') }])
  })
})

describe('settlement', () => {
  it('refunds settled payments alone; before that, a void gives all back', async () => {
    const payment = await paid('k')
    const early = await gateway.refund({ key: 'r', payment, amount: usd(1000n) })
    expect(early).toMatchObject({ status: 'refused', refusal: { reason: 'not_settled' } })
    expect(await gateway.void({ key: 'v', payment })).toMatchObject({
      status: 'succeeded',
      result: { state: 'voided' },
    })
    expect(simulator.payments()).toMatchObject([{ captured: 0n }])
    const settled = await paid('k2')
    await clock.advanceBy(day)
    expect(await gateway.refund({ key: 'r2', payment: settled, amount: usd(1000n) })).toMatchObject({
      status: 'pending',
    })
    expect(await gateway.void({ key: 'v2', payment: settled })).toMatchObject({ status: 'refused' })
  })

  it('looks for the refunds of one moment in one list, and finds for each key its own', async () => {
    const payments = [await paid('k1'), await paid('k2'), await paid('k3')]
    await clock.advanceBy(day)
    const listed = () => sent('getTransactionListRequest')
    const ask = async () =>
      Promise.all(
        payments.map((payment, index) =>
          gateway.refund({ key: `r${index}`, payment, amount: usd(1000n + BigInt(index)) }),
        ),
      )
    const first = await ask()
    expect(listed()).toBe(1)
    const again = await ask()
    expect(again).toEqual(first)
    expect(first.map((outcome) => outcome.status === 'pending' && outcome.result.amount.amount)).toEqual([
      1000n,
      1001n,
      1002n,
    ])
    expect(simulator.payments().map(({ refunded }) => refunded)).toEqual([1000n, 1001n, 1002n])
  })

  it('says when a refund is through', async () => {
    const payment = await paid('k')
    await clock.advanceBy(day)
    const refund = await gateway.refund({ key: 'r', payment, amount: usd(1000n) })
    if (refund.status !== 'pending') throw new Error(refund.status)
    await clock.advanceBy(day)
    const subject = { kind: 'refund', reference: refund.result.reference } as const
    expect(await gateway.fetch(subject)).toMatchObject({ state: 'succeeded', payment, amount: usd(1000n) })
  })

  it('reports batches with what was paid out for them, also over more than 31 days', async () => {
    await paid('k1')
    await clock.advanceBy(day)
    await paid('k2')
    await clock.advanceBy(40 * day)
    const lines = []
    for await (const line of gateway.settlements({ since: new Date(clock.now() - 60 * day) })) lines.push(line)
    expect(lines.map(({ kind, net }) => [kind, net.amount])).toEqual([
      ['charge', 5000n],
      ['payout', -5000n],
      ['charge', 5000n],
      ['payout', -5000n],
    ])
    expect(simulator.bankStatement()).toMatchObject([{ amount: 5000n }, { amount: 5000n }])
  })

  it('ends authorisations after thirty days', async () => {
    const outcome = await pay('k', simulator.createToken(), { capture: 'later' })
    if (outcome.status !== 'authorised') throw new Error(outcome.status)
    await clock.advanceBy(31 * day)
    const { reference: payment } = outcome.payment
    expect(await gateway.capture({ key: 'c', payment, amount: usd(5000n) })).toMatchObject({ status: 'refused' })
    expect(await gateway.fetch({ kind: 'payment', reference: payment })).toMatchObject({ state: 'expired' })
  })
})

describe('customer profiles', () => {
  it('keep a method, charge it without the buyer, and forget it', async () => {
    const method = await savedMethod()
    const { customer, reference } = method
    expect(await gateway.charge({ key: 'k', amount: usd(900n), method, offSession: true })).toMatchObject({
      status: 'succeeded',
    })
    expect(await gateway.removeMethod({ key: 'x', customer, reference })).toMatchObject({
      status: 'succeeded',
      result: { removed: true },
    })
    expect(await gateway.removeMethod({ key: 'y', customer, reference })).toMatchObject({
      status: 'refused',
      refusal: { reason: 'not_found' },
    })
  })

  it('give the same customer for the same identifier', async () => {
    const [first, second] = [
      await gateway.createCustomer({ key: 'a', id: 'user-1' }),
      await gateway.createCustomer({ key: 'b', id: 'user-1' }),
    ]
    expect(first).toMatchObject({ status: 'succeeded' })
    expect(second).toEqual(first)
  })

  it('need the customer with the method', async () => {
    const method = { kind: 'saved', reference: '1' } as const
    await expect(gateway.charge({ key: 'k', amount: usd(1n), method })).rejects.toMatchObject({
      code: 'PAYMENTS_GATEWAY_INPUT_INVALID',
    })
  })
})

async function savedMethod() {
  const customer = await gateway.createCustomer({ key: 'cu', id: 'user-1', email: 'buyer@example.com' })
  if (customer.status !== 'succeeded') throw new Error(customer.status)
  const owner = customer.result.reference
  const saved = await gateway.saveMethod({ key: 'm', customer: owner, token: simulator.createToken() })
  if (saved.status !== 'succeeded') throw new Error(saved.status)
  return { kind: 'saved', reference: saved.result.reference, customer: owner } as const
}

describe('what it cannot do', () => {
  const code = 'PAYMENTS_GATEWAY_NOT_SUPPORTED'

  it('says so, and sends nothing', async () => {
    const payment = '60000000001'
    const amount = usd(100n)
    await expect(gateway.charge({ key: 'k', amount, method: { kind: 'redirect' } })).rejects.toMatchObject({ code })
    await expect(gateway.resume({ key: 'k', payment })).rejects.toMatchObject({ code })
    await expect(gateway.capture({ key: 'k', payment, amount, final: false })).rejects.toMatchObject({ code })
    await expect(gateway.payout({ key: 'k', amount })).rejects.toMatchObject({ code })
    await expect(gateway.acceptDispute({ key: 'k', dispute: 'x' })).rejects.toMatchObject({ code })
    expect(simulator.requests).toEqual([])
  })

  it('fault: currency mismatch: another currency than the account’s is refused', async () => {
    const charge = gateway.charge({
      key: 'k',
      amount: { amount: 100n, currency: 'EUR' },
      method: { kind: 'token', token: 'x' },
    })
    await expect(charge).rejects.toMatchObject({
      code: 'PAYMENTS_GATEWAY_INPUT_INVALID',
      details: { field: 'amount.currency' },
    })
  })

  it.each(['JPY', 'usd', ''])('does not open an account in %j', (currency) => {
    expect(() => gatewayOf(simulator, { currency })).toThrow(
      expect.objectContaining({ code: 'PAYMENTS_GATEWAY_OPTION_INVALID' }),
    )
  })
})

describe('trouble', () => {
  it('names wrong credentials in both of its APIs', async () => {
    const wrong = gatewayOf(simulator, { transactionKey: 'wrong' })
    const method = { kind: 'token', token: simulator.createToken() } as const
    const code = 'PAYMENTS_GATEWAY_CREDENTIALS_REFUSED'
    await expect(wrong.charge({ key: 'k', amount: usd(100n), method })).rejects.toMatchObject({ code })
    await expect(
      wrong
        .events({ since: new Date(0) })
        [Symbol.asyncIterator]()
        .next(),
    ).rejects.toMatchObject({ code })
  })

  it('says that the service is not there', async () => {
    await simulator.close()
    await expect(pay('k')).rejects.toMatchObject({ code: 'PAYMENTS_GATEWAY_UNREACHABLE' })
  })

  it('does not know a transaction of another account', async () => {
    expect(await gateway.fetch({ kind: 'payment', reference: '1' })).toBeUndefined()
    expect(await gateway.refund({ key: 'r', payment: '1', amount: usd(1n) })).toMatchObject({
      status: 'refused',
      refusal: { reason: 'not_found' },
    })
  })
})

describe('inSchemaOrder', () => {
  it('puts elements into the order of the schema, at every depth, and leaves undefined ones out', () => {
    const transactionRequest = {
      order: { description: 'd', invoiceNumber: 'i' },
      refTransId: undefined,
      amount: '1.00',
      payment: { opaqueData: { dataValue: 'v', dataDescriptor: 'd' } },
      transactionType: 't',
    }
    const given = {
      createTransactionRequest: { merchantAuthentication: { name: 'n', transactionKey: 'k' }, transactionRequest },
    }
    expect(JSON.stringify(inSchemaOrder(given))).toBe(
      '{"createTransactionRequest":{"merchantAuthentication":{"name":"n","transactionKey":"k"},"transactionRequest":' +
        '{"transactionType":"t","amount":"1.00","payment":{"opaqueData":{"dataDescriptor":"d","dataValue":"v"}},' +
        '"order":{"invoiceNumber":"i","description":"d"}}}}',
    )
  })
})

describe('invoiceNumberOf', () => {
  it('has twenty characters, the same for the same key and others for others', () => {
    expect(invoiceNumberOf('k')).toMatch(/^[0-9A-F]{20}$/)
    expect(invoiceNumberOf('k')).toBe(invoiceNumberOf('k'))
    expect(invoiceNumberOf('k')).not.toBe(invoiceNumberOf('K'))
  })
})
