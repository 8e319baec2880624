import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import type { Authenticator } from '@exprsn/core/http'
import { SeededRandom, SimulatedClock } from '@exprsn/core/testing'
import Stripe from 'stripe'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDisputes } from '../dispute/index.ts'
import { stripeGateway } from '../drivers/stripe.ts'
import { money } from '../money/money.ts'
import { createPayments, type Payments } from '../payments/index.ts'
import { simulateStripe, type StripeSimulator } from '../testing/stripe/simulate-stripe.ts'
import { describeOpenApi } from './describe-openapi.ts'
import { disputesRouter, reconciliationRouter } from './index.ts'

let database: Database
let stripe: StripeSimulator
let payments: Payments
let path: string
let ask: (
  method: string,
  path: string,
  body?: unknown,
) => Promise<{ status: number; text: string; body: never; headers: Headers }>

beforeEach(async () => {
  const clock = new SimulatedClock()
  database = sqliteDatabase({ path: ':memory:' })
  stripe = await simulateStripe({ clock, random: new SeededRandom(3) })
  const gateways = { stripe: stripeGateway({ client: new Stripe(stripe.apiKey, stripe.clientConfig), clock }) }
  payments = createPayments({ database, gateways, clock, random: new SeededRandom(4) })
  const disputes = createDisputes({ database, payments, clock })
  await migrate(database, [payments.migrations, disputes.migrations])
  const method = { kind: 'token', token: 'pm_card_visa' } as const
  const { payment } = await payments.charge({
    gateway: 'stripe',
    amount: money('49.90', 'EUR'),
    method,
    order: 'A-1',
    key: 'k',
  })
  const reference = stripe.openDispute(payment.reference!, { reason: 'product_not_received', networkReason: '13.1' })
  await payments.sweep()
  await disputes.sweep()
  path = `/dispute-cases/${encodeURIComponent(`stripe:${reference}`)}`
  const router = disputesRouter({ disputes, auth: false, clock })
  ask = async (verb, at, body) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' }
    const text = body === undefined ? null : JSON.stringify(body)
    const response = await router.fetch(new Request(`http://localhost${at}`, { method: verb, headers, body: text }))
    const answer = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') ?? false
    return {
      status: response.status,
      headers: response.headers,
      text: answer,
      body: (isJson ? JSON.parse(answer) : undefined) as never,
    }
  }
})

afterEach(async () => {
  await payments.close()
  await stripe.close()
  await database.close()
})

describe('disputes over HTTP', () => {
  it('are found, answered and reported', async () => {
    expect((await ask('GET', '/dispute-cases?status=evidence_due')).body).toMatchObject({
      cases: [{ status: 'evidence_due', family: 'not_received', amount: { value: '49.90', currency: 'EUR' } }],
    })
    expect((await ask('GET', '/dispute-cases?status=won')).body).toEqual({ cases: [] })
    expect((await ask('GET', `${path}/checklist`)).body).toMatchObject({
      complete: false,
      missing: ['product', 'delivery'],
    })
    expect((await ask('POST', `${path}/submit`, {})).body).toMatchObject({ status: 'incomplete' })
    const evidence = { productDescription: 'A lamp', deliveredOn: '2026-01-02' }
    expect((await ask('PUT', `${path}/evidence`, evidence)).body).toMatchObject({ evidence })
    expect((await ask('POST', `${path}/submit`, { note: 'all of it' })).body).toMatchObject({
      status: 'done',
      case: { status: 'under_review', submissions: [{ by: 'anonymous' }] },
    })
    expect((await ask('POST', `${path}/submit`, {})).body).toMatchObject({ status: 'refused' })
    expect((await ask('GET', '/dispute-outcomes')).body).toMatchObject({ all: { cases: 1, open: 1 } })
    expect((await ask('GET', `${path}/postings`)).body).toMatchObject({
      lines: [{ amount: { value: '49.90' } }, { amount: { value: '15.00' } }],
    })
    expect((await ask('GET', `${path}/history`)).body).toMatchObject({ events: { length: expect.any(Number) } })
    expect((await ask('GET', `${path}/compelling`)).body).toMatchObject({ eligible: false, reason: 'not_visa_fraud' })
  })

  it('are conceded, and noted', async () => {
    expect((await ask('POST', `${path}/accept`, {})).body).toMatchObject({
      status: 'done',
      case: { status: 'accepted' },
    })
    expect((await ask('POST', `${path}/note-submitted`, { note: 'by fax' })).body).toMatchObject({
      submissions: [{ by: 'anonymous' }],
    })
  })

  it('come as packs and pictures', async () => {
    const page = await ask('GET', `${path}/pack.html`)
    expect(page.text).toContain('49.90 EUR')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect((await ask('GET', `${path}/pack.json`)).body).toMatchObject({ payment: { order: 'A-1' } })
    expect((await ask('GET', '/dispute-outcomes/picture.svg')).text).toMatch(/^<svg/)
  })

  it.each<[string, string, string, unknown, number]>([
    ['bad input: no such case', 'GET', '/dispute-cases/stripe%3Adu_0', undefined, 404],
    ['bad input: no such status', 'GET', '/dispute-cases?status=lost_in_space', undefined, 400],
    ['bad input: a field that nobody knows', 'PUT', 'evidence', { colour: 'red' }, 400],
    ['bad input: 30 February', 'PUT', 'evidence', { deliveredOn: '2026-02-30' }, 400],
    ['bad input: a card number', 'PUT', 'evidence', { explanation: '4111 1111 1111 1111' }, 422],
    ['bad input: a file of an unknown kind', 'PUT', 'evidence', { files: [{ kind: 'film', reference: 'f' }] }, 400],
  ])('%s', async (_, method, at, body, status) => {
    expect(await ask(method, at.startsWith('/') ? at : `${path}/${at}`, body)).toMatchObject({ status })
  })

  it('are described with payments and reconciliation, and nobody reaches them without a credential', async () => {
    const { paths } = await describeOpenApi()
    const nobody: Authenticator = {
      name: 'none',
      scheme: { type: 'http', scheme: 'basic' },
      authenticate: () => undefined,
    }
    const routers = [
      disputesRouter({ disputes: {} as never, auth: nobody }),
      reconciliationRouter({ reconciliation: {} as never, database, auth: nobody }),
    ]
    for (const { path: at, definition } of routers.flatMap((router) => router.routes)) {
      const { method } = definition
      const request = new Request(`http://localhost${at.replaceAll(/:\w+/g, 'x')}`, { method })
      const answers = await Promise.all(routers.map((router) => router.fetch(request.clone())))
      expect([at, answers.map(({ status }) => status).toSorted((a, b) => a - b)]).toEqual([at, [401, 404]])
    }
    for (const each of [
      '/payments',
      '/dispute-cases/{id}/submit',
      '/reconciliation/exceptions',
      '/dispute-outcomes/picture.svg',
    ])
      expect(Object.keys(paths)).toContain(each)
  })
})
