import { allow } from '@exprsn/core/auth'
import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import type { Authenticator } from '@exprsn/core/http'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stripeGateway } from '../drivers/stripe.ts'
import { createPayments, type Payments } from '../payments/index.ts'
import { simulateStripe, type StripeSimulator } from '../testing/stripe/simulate-stripe.ts'
import { describeOpenApi } from './describe-openapi.ts'
import { createPaymentsHandler, type PaymentsRouterOptions } from './index.ts'

let database: Database
let stripe: StripeSimulator
let payments: Payments

beforeEach(async () => {
  const clock = new SimulatedClock()
  database = sqliteDatabase({ path: ':memory:' })
  stripe = await simulateStripe({ clock, random: new SeededRandom(3) })
  const client = new Stripe(stripe.apiKey, stripe.clientConfig)
  const gateways = { stripe: stripeGateway({ client, clock, webhookSecrets: [stripe.webhookSecret] }) }
  payments = createPayments({ database, gateways, clock, random: new SeededRandom(4) })
  await migrate(database, [payments.migrations])
})

afterEach(async () => {
  await payments.close()
  await stripe.close()
  await database.close()
})

/** Asks, and gives status and body. */
function served(options: Partial<PaymentsRouterOptions> = {}) {
  const handler = createPaymentsHandler({ payments, auth: false, ...options })
  return async (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const text = body === undefined ? null : JSON.stringify(body)
    const request = new Request(`http://localhost${path}`, { method, body: text, headers: { ...type, ...headers } })
    const response = await handler(request)
    return { status: response.status, body: JSON.parse(await response.text()) }
  }
}

const euros = (value: string) => ({ value, currency: 'EUR' })
const charge = (more: object = {}) => ({
  gateway: 'stripe',
  amount: euros('49.90'),
  method: { kind: 'token', token: 'pm_card_visa' },
  order: 'A-1001',
  key: 'A-1001/1',
  ...more,
})

describe('payments over HTTP', () => {
  it('are charged, read, refunded, and stand in the books', async () => {
    const ask = served()
    const made = await ask('POST', '/payments', charge())
    expect(made).toMatchObject({
      status: 200,
      body: { status: 'succeeded', payment: { state: 'captured', captured: euros('49.90'), order: 'A-1001' } },
    })
    const { id } = made.body['payment'] as { readonly id: string }
    expect((await ask('GET', `/payments/${id}`)).body).toEqual(made.body['payment'])
    expect((await ask('GET', '/payments?order=A-1001')).body).toEqual({ payments: [made.body['payment']] })

    const refund = await ask('POST', `/payments/${id}/refunds`, { key: 'A-1001/r1', amount: euros('10.00') })
    expect(refund.body).toMatchObject({ status: 'succeeded', result: { refunded: euros('10.00') } })
    const over = await ask('POST', `/payments/${id}/refunds`, { key: 'A-1001/r2', amount: euros('40.00') })
    expect(over).toMatchObject({ status: 200, body: { status: 'refused', reason: 'amount_too_large' } })
    const { transfers } = (await ask('GET', `/payments/${id}/transfers`)).body
    expect(transfers).toMatchObject([{ kind: 'capture' }, { kind: 'refund', amount: euros('10.00') }])

    const books = (await ask('GET', '/ledger/trial-balance')).body
    expect(books).toMatchObject({ balanced: true, currencies: [{ currency: 'EUR' }] })
    expect(books['currencies'][0].accounts).toContainEqual({
      ...{ code: 'income:sales:EUR', kind: 'income', balance: euros('49.90') },
    })
    expect((await ask('GET', '/ledger/verification')).body).toMatchObject({ ok: true, faults: [] })
  })

  it('are described, and only webhooks need no credential', async () => {
    const { paths = {} } = JSON.parse(JSON.stringify(await describeOpenApi()))
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining(['/payments', '/payments/{id}/refunds', '/webhooks/{gateway}']),
    )
    const ask = served({ auth: denied })
    for (const [path, methods] of Object.entries<object>(paths)) {
      if (path.startsWith('/webhooks/') || /^\/(?:reconciliation|dispute-)/.test(path)) continue
      for (const method of Object.keys(methods))
        expect([path, (await ask(method.toUpperCase(), path.replaceAll(/[{}]/g, ''))).status]).toEqual([path, 401])
    }
  })

  it('are reserved, taken in parts, and given free', async () => {
    const ask = served()
    const first = (await ask('POST', '/payments', charge({ capture: 'later' }))).body
    expect(first).toMatchObject({ status: 'authorised', payment: { authorised: euros('49.90') } })
    const taken = await ask('POST', `/payments/${first['payment'].id}/capture`, { key: 'c', amount: euros('20.00') })
    expect(taken.body).toMatchObject({ status: 'succeeded', result: { captured: euros('20.00') } })
    const second = (await ask('POST', '/payments', charge({ capture: 'later', key: 'two' }))).body
    const voided = await ask('POST', `/payments/${second['payment'].id}/void`, { key: 'v' })
    expect(voided.body).toMatchObject({ status: 'succeeded', result: { state: 'voided' } })
  })

  it('give a decline as an answer, and a repeated key as the same charge', async () => {
    const ask = served()
    const method = { kind: 'token', token: 'pm_card_visa_chargeDeclined' }
    const declined = await ask('POST', '/payments', charge({ method }))
    expect(declined).toMatchObject({ status: 200, body: { status: 'declined', reason: 'card_declined' } })
    expect((await ask('POST', '/payments', charge({ method }))).body).toMatchObject({ status: 'declined' })
    const other = await ask('POST', '/payments', charge({ method, amount: euros('1.00') }))
    expect(other).toMatchObject({ status: 409, body: { code: 'PAYMENTS_KEY_REUSED' } })
  })

  it('go on after the buyer did something', async () => {
    const ask = served()
    const method = { kind: 'token', token: 'pm_card_authenticationRequired' }
    const begun = (await ask('POST', '/payments', charge({ method }))).body
    expect(begun['status']).toBe('requires_action')
    stripe.authenticate(begun['payment'].reference as string)
    const done = await ask('POST', `/payments/${begun['payment'].id}/resume`, { key: 'A-1001/resume' })
    expect(done.body).toMatchObject({ status: 'succeeded' })
  })

  it('pay out, list disputes and accept them', async () => {
    const ask = served()
    const { payment } = (await ask('POST', '/payments', charge())).body
    stripe.openDispute(payment.reference as string)
    expect((await ask('POST', '/sweep')).body).toMatchObject({ failures: [] })
    const [dispute] = (await ask('GET', '/disputes')).body['transfers']
    expect(dispute).toMatchObject({ kind: 'dispute', amount: euros('49.90') })
    const accepted = await ask('POST', `/disputes/stripe/${dispute.reference}/accept`, { key: 'accept' })
    expect(accepted.body).toMatchObject({ status: 'succeeded', result: { state: 'lost' } })
    const payout = await ask('POST', '/payouts', { key: 'p', gateway: 'stripe', amount: euros('5000.00') })
    expect(payout).toMatchObject({ status: 200, body: { status: 'refused', reason: 'insufficient_balance' } })
    expect((await ask('GET', '/payouts')).body).toEqual({ transfers: [] })
  })

  it('show an account page by page', async () => {
    const ask = served()
    for (let n = 1; n <= 5; n++) await ask('POST', '/payments', charge({ key: `k${n}`, amount: euros(`${n}.00`) }))
    const path = '/ledger/accounts/income:sales:EUR/statement'
    const first = (await ask('GET', `${path}?limit=3`)).body
    expect(first['lines']).toMatchObject([1, 2, 3].map((n) => ({ change: euros(`${n}.00`) })))
    const rest = (await ask('GET', `${path}?limit=3&after=${first['next']}`)).body
    expect(rest['lines']).toMatchObject([{ change: euros('4.00') }, { change: euros('5.00') }])
    expect(rest).not.toHaveProperty('next')
    expect(await ask('GET', '/ledger/accounts/none/statement')).toMatchObject({ status: 404 })
  })

  it('take webhooks by their signature alone', async () => {
    const ask = served({ auth: denied })
    expect((await ask('GET', '/payments?order=A-1001')).status).toBe(401)
    await payments.charge({
      ...charge(),
      amount: { amount: 4990n, currency: 'EUR' },
      method: { kind: 'token', token: 'pm_card_visa' },
    })
    const handler = createPaymentsHandler({ payments, auth: denied })
    stripe.webhooks.sendTo(async (request) => handler(new Request('http://localhost/webhooks/stripe', request)))
    expect(await stripe.webhooks.deliver()).toMatchObject({ refused: 0 })
    expect((await ask('POST', '/webhooks/stripe', {})).status).toBe(400)
    expect((await ask('POST', '/webhooks/other', {})).status).toBe(404)
  })

  it.each([
    ['another gateway', '/payments', charge({ gateway: 'other' }), 404, 'PAYMENTS_GATEWAY_NOT_CONFIGURED'],
    ['too many decimals', '/payments', charge({ amount: euros('49.901') }), 400, 'PAYMENTS_MONEY_INVALID'],
    ['a currency that is none', '/payments', charge({ amount: { value: '1', currency: 'ZZZ' } }), 400, 'PAYMENTS_'],
    ['nothing', '/payments', charge({ amount: euros('0.00') }), 400, 'PAYMENTS_GATEWAY_INPUT_INVALID'],
    ['a negative amount', '/payments', charge({ amount: euros('-5.00') }), 400, 'PAYMENTS_GATEWAY_INPUT_INVALID'],
    ['a number as amount', '/payments', charge({ amount: 49.9 }), 400, 'CORE_HTTP_'],
    ['a misspelt field', '/payments', charge({ ammount: 1 }), 400, 'CORE_HTTP_'],
    ['a huge amount', '/payments', charge({ amount: euros('90071992547409930.00') }), 400, 'PAYMENTS_COMMAND_INVALID'],
    ['no such payment', '/payments/none/refunds', { key: 'r' }, 404, 'PAYMENTS_PAYMENT_UNKNOWN'],
    ['no key', '/payments/none/void', {}, 400, 'CORE_HTTP_'],
  ])('refuse %s with a problem', async (_, path, body, status, code) => {
    const answer = await served()('POST', path, body)
    expect(answer).toMatchObject({ status, body: { code: expect.stringContaining(code) } })
    expect(stripe.payments()).toEqual([])
  })

  it.each([
    charge({ description: 'card 4111 1111 1111 1111' }),
    charge({ order: '4111111111111111' }),
    charge({ method: { kind: 'token', token: '4111-1111-1111-1111' } }),
    charge({ method: { kind: 'saved', reference: '5500 0055 5555 5559' } }),
  ])('fault: a card number anywhere in a body is refused, and told masked', async (body) => {
    const answer = await served()('POST', '/payments', body)
    expect(answer).toMatchObject({ status: 422, body: { code: 'PAYMENTS_CARD_NUMBER_REFUSED' } })
    expect(JSON.stringify(answer.body)).not.toMatch(/4111|5500|11111111/)
    const { rows } = await database.query('select count(*) as n from exprsn_payment_attempts')
    expect(rows).toEqual([{ n: 0 }])
  })

  it('let those who may only read not move money', async () => {
    const ask = served({ auth: reader, allow: { move: allow({ roles: ['cashier'] }) } })
    expect((await ask('GET', '/payments?order=A-1001')).status).toBe(200)
    expect((await ask('POST', '/payments', charge())).status).toBe(403)
    expect((await ask('POST', '/sweep')).status).toBe(403)
    expect(stripe.payments()).toEqual([])
  })

  it('refuse a form of another site that comes with a cookie', async () => {
    const ask = served({ auth: reader })
    const foreign = { cookie: 'session=1', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    expect(
      (
        await ask('POST', '/payments', charge({ key: 'own' }), {
          'sec-fetch-site': 'same-origin',
          'x-exprsn-csrf': '1',
        })
      ).status,
    ).toBe(200)
    expect((await ask('POST', '/payments', charge(), foreign)).status).toBe(403)
    expect(stripe.payments()).toHaveLength(1)
  })
})

const reader: Authenticator = {
  name: 'test',
  scheme: { type: 'http', scheme: 'basic' },
  authenticate: () => ({ subject: 'r', kind: 'session', via: 'cookie', roles: ['reader'], scopes: [], claims: {} }),
}

const denied: Authenticator = { ...reader, authenticate: () => undefined }
