import { migrate, sqliteDatabase, type Database } from '@exprsn/core/database'
import { SimulatedClock } from '@exprsn/core/testing'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLedger, type Ledger } from '../../ledger/index.ts'
import { money } from '../../money/index.ts'
import { postResiduals, reconcile, type OurRecord, type ReconcileInputs, type Residual } from '../index.ts'

let database: Database
let ledger: Ledger
beforeEach(async () => {
  database = sqliteDatabase({ path: ':memory:' })
  ledger = createLedger({ database, clock: new SimulatedClock() })
  await migrate(database, [ledger.migrations])
  await ledger.openAccounts(
    ['EUR', 'USD'].flatMap((currency) => [
      { code: `assets:stripe:${currency}`, currency, kind: 'asset' as const },
      { code: `expenses:rounding:${currency}`, currency, kind: 'expense' as const },
      { code: `expenses:exchange:${currency}`, currency, kind: 'expense' as const },
    ]),
  )
})
afterEach(() => database.close())

const occurredAt = new Date('2026-11-18T12:00:00Z')
const rules = { tolerance: { EUR: 10n }, rates: { 'USD/EUR': '0.92' } }

function order(id: string, value: string, currency = 'EUR'): OurRecord {
  return { id, kind: 'charge', amount: money(value, currency), occurredAt, keys: [`ch_${id}`] }
}

function line(id: string, value: string) {
  const gross = money(value, 'EUR')
  return {
    ...({ reference: `txn_${id}`, kind: 'charge', gross, fee: money('0.00', 'EUR'), net: gross } as const),
    ...{ occurredAt, source: `ch_${id}` },
  }
}

function matched(ours: readonly OurRecord[], stripe: NonNullable<ReconcileInputs['settlements']>[string]) {
  return reconcile({ ours, settlements: { stripe }, statements: [], rules })
}

const accounts = ({ rule, amount: { currency } }: Residual) => ({
  clearing: `assets:stripe:${currency}`,
  difference: `expenses:${rule === 'key-rate' ? 'exchange' : 'rounding'}:${currency}`,
})

const balance = async (code: string): Promise<bigint> => (await ledger.account(code)).balance

describe('what matches leave', () => {
  it('is posted in every currency, less as an expense and more against it, once', async () => {
    const ours = [order('1', '10.00'), order('2', '20.00'), order('3', '30.00'), order('4', '100.00', 'USD')]
    const report = matched(ours, [line('1', '9.95'), line('2', '20.02'), line('3', '30.00'), line('4', '92.10')])
    const seen: Residual[] = []
    const options = {
      ...{ ledger, report, period: '2026-11' },
      accounts: (residual: Residual) => (seen.push(residual), accounts(residual)),
    }
    const first = await postResiduals(options)
    expect([first.posted.length, first.known, first.reversed, first.refused]).toEqual([4, [], [], []])
    expect(seen.map(({ rule, leg, gateway, amount }) => [rule, leg, gateway, amount.amount, amount.currency])).toEqual([
      ['key-tolerance', 'orders', 'stripe', 5n, 'EUR'],
      ['key-tolerance', 'orders', 'stripe', -2n, 'EUR'],
      ['key-rate', 'orders', 'stripe', -9_210n, 'EUR'],
      ['key-rate', 'orders', 'stripe', 10_000n, 'USD'],
    ])
    expect(await balance('expenses:rounding:EUR')).toBe(3n)
    expect(await balance('expenses:exchange:EUR')).toBe(-9_210n)
    expect(await balance('expenses:exchange:USD')).toBe(10_000n)
    const again = await postResiduals(options)
    expect([again.posted, again.known.toSorted()]).toEqual([[], first.posted.toSorted()])
    expect(await balance('assets:stripe:EUR')).toBe(9_207n)
    expect((await ledger.verify()).ok).toBe(true)
  })

  it('is reversed when its match is gone, and posted anew when it is back', async () => {
    const ours = [order('1', '10.00')]
    const post = (value: string) =>
      postResiduals({ ledger, report: matched(ours, [line('1', value)]), period: 'm', accounts })
    const first = await post('9.95')
    // The same match with another amount; one that leaves nothing; the first one again.
    const second = await post('9.93')
    expect([second.reversed, second.posted.length]).toEqual([first.posted, 1])
    expect(await balance('expenses:rounding:EUR')).toBe(7n)
    const third = await post('10.00')
    expect([third.reversed, third.posted]).toEqual([second.posted, []])
    expect(await balance('expenses:rounding:EUR')).toBe(0n)
    const fourth = await post('9.95')
    expect(fourth.posted[0]).toMatch(/^residuals:m:match:[0-9a-f]{16}:EUR#3$/)
    expect(await balance('expenses:rounding:EUR')).toBe(5n)
    const other = await postResiduals({ ledger, report: matched([], []), period: 'another', accounts })
    expect(other).toEqual({ posted: [], known: [], reversed: [], refused: [] })
  })

  it('comes to the same books whatever reports came before', { timeout: 30_000 }, async () => {
    const value = fc.integer({ min: 990, max: 1_010 }).map((cents) => (cents / 100).toFixed(2))
    const month = fc.array(value, { maxLength: 4 })
    let run = 0
    await fc.assert(
      fc.asyncProperty(fc.array(month, { minLength: 1, maxLength: 4 }), async (months) => {
        const period = `run-${++run}`
        const before = await balance('expenses:rounding:EUR')
        for (const values of months) {
          const report = matched(
            values.map((_, at) => order(`${at}`, '10.00')),
            values.map((each, at) => line(`${at}`, each)),
          )
          const { refused } = await postResiduals({ ledger, report, period, accounts })
          expect(refused).toEqual([])
        }
        const expected = months.at(-1)!.reduce((sum, each) => sum + 1_000n - money(each, 'EUR').amount, 0n)
        expect((await balance('expenses:rounding:EUR')) - before).toBe(expected)
      }),
      { numRuns: 40 },
    )
    expect((await ledger.verify()).ok).toBe(true)
  })

  it('fault: what the books refuse is told, what is not wanted is left out, and odd periods are refused', async () => {
    const report = matched([order('1', '10.00')], [line('1', '9.95')])
    const nowhere = () => ({ clearing: 'assets:none:EUR', difference: 'expenses:rounding:EUR' })
    const { refused, posted } = await postResiduals({ ledger, report, period: 'm', accounts: nowhere })
    expect([refused.map(({ reason }) => reason), posted]).toEqual([['account_unknown'], []])
    const none = await postResiduals({ ledger, report, period: 'm', accounts: () => undefined })
    expect([none.posted, none.refused]).toEqual([[], []])
    for (const period of ['', 'a b', 'x'.repeat(101)])
      await expect(postResiduals({ ledger, report, period, accounts })).rejects.toMatchObject({
        code: 'PAYMENTS_RECONCILE_INPUT_INVALID',
      })
  })
})
