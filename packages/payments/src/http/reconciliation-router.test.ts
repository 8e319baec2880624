import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import type { Authenticator } from '@exprsn/core/http'
import { SimulatedClock } from '@exprsn/core/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLedger, type Ledger } from '../ledger/index.ts'
import { createReconciliation, type Reconciliation } from '../reconcile/index.ts'
import { reconciliationRouter, type ReconciliationRouterOptions } from './index.ts'

const eur = (amount: bigint) => ({ amount, currency: 'EUR' })
const at = (day: string) => new Date(`${day}T10:00:00Z`)
const clock = new SimulatedClock({ now: Date.UTC(2026, 10, 30) })
/** Whoever says who they are. */
const trusting: Authenticator = {
  name: 'user',
  scheme: { type: 'http', scheme: 'bearer' },
  authenticate: (request) => {
    const subject = request.headers.get('x-user')
    return subject === null
      ? undefined
      : { subject, kind: 'api-key' as const, via: 'header' as const, roles: [], scopes: [], claims: {} }
  },
}

let database: Database
let ledger: Ledger
let reconciliation: Reconciliation

beforeEach(async () => {
  database = sqliteDatabase({ path: ':memory:' })
  ledger = createLedger({ database, clock })
  reconciliation = createReconciliation({ database, gateways: ['stripe'], ledger, fourEyes: true, clock })
  await migrate(database, [ledger.migrations, reconciliation.migrations])
  const line = (
    reference: string,
    kind: 'charge' | 'payout',
    gross: bigint,
    fee: bigint,
    day: string,
    given: object = {},
  ) => ({
    ...{ reference, kind, gross: eur(gross), fee: eur(fee), net: eur(gross - fee), occurredAt: at(day) },
    ...given,
  })
  await reconciliation.add({
    ours: [
      { id: 'A-1', kind: 'charge', amount: eur(10_000n), occurredAt: at('2026-11-02'), keys: ['ch_1'] },
      { id: 'A-2', kind: 'charge', amount: eur(700n), occurredAt: at('2026-11-03'), keys: ['unknown'] },
    ],
    settlements: {
      stripe: [
        line('txn_1', 'charge', 10_000n, 400n, '2026-11-02', { source: 'ch_1', payout: 'po_1' }),
        line('txn_2', 'charge', 699n, 50n, '2026-11-03', { source: 'ch_2' }),
        line('txn_3', 'payout', -9_600n, 0n, '2026-11-04', { source: 'po_1' }),
      ],
    },
  })
})

afterEach(() => database.close())

function served(options: Partial<ReconciliationRouterOptions> = {}) {
  const router = reconciliationRouter({ reconciliation, database, auth: false, clock, ...options })
  return async (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    const request = new Request(`http://localhost${path}`, {
      ...{ method, headers: { ...type, ...headers } },
      body: body === undefined ? null : JSON.stringify(body),
    })
    const response = await router.fetch(request)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') ?? false
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined }
  }
}

describe('a reconciliation over HTTP', () => {
  it('lists what is open, page by page, and explains it', async () => {
    const ask = served()
    const first = await ask('GET', '/reconciliation/exceptions?limit=2')
    expect(first.body).toMatchObject({
      exceptions: [{ item: 'ours:A-2', amount: { value: '7.00', currency: 'EUR' } }, {}],
    })
    const rest = await ask('GET', `/reconciliation/exceptions?limit=2&after=${encodeURIComponent(first.body.next)}`)
    expect(rest.body.next).toBeUndefined()
    expect((await ask('GET', '/reconciliation/items/stripe%3Atxn_1')).body).toMatchObject({ match: { rule: 'key' } })
    expect(await ask('GET', '/reconciliation/items/nothing')).toMatchObject({ status: 404 })
  })

  it('needs two people for a match by hand: who they are the credential says, not the body', async () => {
    const ask = served({ auth: trusting })
    const pair = { left: ['ours:A-2'], right: ['stripe:txn_2'], difference: { value: '0.01', currency: 'EUR' } }
    expect(await ask('POST', '/reconciliation/matches', pair)).toMatchObject({ status: 401 })
    expect(await ask('POST', '/reconciliation/matches', { ...pair, by: 'ben' }, { 'x-user': 'ann' })).toMatchObject({
      status: 400,
    })
    const made = await ask('POST', '/reconciliation/matches', { ...pair, note: 'a cent' }, { 'x-user': 'ann' })
    const path = `/reconciliation/matches/${encodeURIComponent(made.body.match)}/approve`
    expect(await ask('POST', path, {}, { 'x-user': 'ann' })).toMatchObject({ status: 409 })
    expect(await ask('POST', path, {}, { 'x-user': 'ben' })).toMatchObject({ status: 204 })
    const history = await ask('GET', '/reconciliation/items/ours%3AA-2/history', undefined, { 'x-user': 'ann' })
    expect(history.body.events.map(({ actor, action }: Record<string, string>) => `${actor}: ${action}`)).toEqual([
      'ann: match proposed',
      'ben: match approved',
    ])
  })

  it('assigns, comments, writes off with its posting, and reopens', async () => {
    await ledger.openAccounts([
      { code: 'expenses:losses:EUR', currency: 'EUR', kind: 'expense' },
      { code: 'assets:gateway:stripe:EUR', currency: 'EUR', kind: 'asset' },
    ])
    const ask = served()
    const path = '/reconciliation/items/ours%3AA-2'
    expect(await ask('POST', `${path}/assign`, { to: 'ann' })).toMatchObject({ status: 204 })
    expect(await ask('POST', `${path}/comment`, { note: 'asked Stripe' })).toMatchObject({ status: 204 })
    const amount = { value: '7.00', currency: 'EUR' }
    const lines = [{ debit: 'expenses:losses:EUR', credit: 'assets:gateway:stripe:EUR', amount }]
    expect(await ask('POST', `${path}/write-off`, { note: 'too old', lines })).toMatchObject({ status: 204 })
    expect(await ask('POST', `${path}/write-off`, {})).toMatchObject({ status: 409 })
    expect((await ledger.account('expenses:losses:EUR')).balance).toBe(700n)
    expect(await ask('POST', `${path}/reopen`, {})).toMatchObject({ status: 204 })
    expect((await ask('GET', '/reconciliation/exceptions?assignee=ann')).body.exceptions).toHaveLength(1)
  })

  it('shows the proof with its check, fees, forecast and position', async () => {
    const ask = served({ fees: [{ gateway: 'stripe', currency: 'EUR', rate: '0.029', fixed: 30n }] })
    expect((await ask('GET', '/reconciliation/report')).body).toMatchObject({ faults: [], proof: { version: 1 } })
    expect((await ask('GET', '/reconciliation/fees')).body.findings).toMatchObject([
      { id: 'stripe:txn_1', reason: 'too_much', difference: { value: '0.80', currency: 'EUR' } },
    ])
    expect((await ask('GET', '/reconciliation/forecast')).body).toMatchObject({
      asOf: '2026-11-30',
      overdue: [{ name: 'po_1' }, { name: '2026-11-03' }],
    })
    expect((await ask('GET', '/reconciliation/position?until=2026-11-04')).body.positions[0].days.at(-1)).toMatchObject(
      {
        inTransit: { value: '96.00' },
        total: { value: '102.49' },
      },
    )
  })

  it('draws pictures, and a page that may not run anything', async () => {
    const ask = served()
    for (const path of ['pictures/aging.svg', 'pictures/position.svg?currency=EUR']) {
      const picture = await ask('GET', `/reconciliation/${path}`)
      expect(picture.headers.get('content-type')).toContain('image/svg+xml')
      expect(picture.text).toMatch(/^<svg/)
    }
    const page = await ask('GET', '/reconciliation/exceptions.html')
    expect(page.text).toContain('ours:A-2')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it.each<[string, string, string, unknown, number]>([
    ['bad input: 30 February', 'GET', '/reconciliation/forecast?asOf=2026-02-30', undefined, 400],
    [
      'bad input: a currency without movements',
      'GET',
      '/reconciliation/pictures/position.svg?currency=USD',
      undefined,
      404,
    ],
    [
      'bad input: a currency that is none',
      'GET',
      '/reconciliation/pictures/position.svg?currency=%3Csvg%3E',
      undefined,
      400,
    ],
    ['bad input: a match of nothing', 'POST', '/reconciliation/matches', { left: [], right: [] }, 400],
    [
      'bad input: three decimals',
      'POST',
      '/reconciliation/matches',
      { left: ['a'], right: ['b'], difference: { value: '0.001', currency: 'EUR' } },
      400,
    ],
    ['bad input: a limit without end', 'GET', '/reconciliation/exceptions?limit=100000', undefined, 400],
  ])('%s', async (_, method, path, body, status) => {
    expect(await served()(method, path, body)).toMatchObject({ status })
  })
})
