import type { Notification } from '@exprsn/core/notify'
import { describe, expect, it } from 'vitest'
import type { Movement } from '../movements/movement.ts'
import { addDays, nextBankDay } from './days.ts'
import { forecastSettlements } from './forecast-settlements.ts'
import { tellOverdue } from './tell-overdue.ts'

const eur = (amount: bigint) => ({ amount, currency: 'EUR' })
const line = (
  id: string,
  kind: Movement['kind'],
  amount: bigint,
  day: string,
  given: Partial<Movement> = {},
): Movement => ({
  ...{
    id,
    side: 'gateway',
    gateway: 'stripe',
    kind,
    amount: eur(amount),
    fee: 0n,
    day,
    payout: undefined,
    arrivedOn: undefined,
  },
  ...given,
})

/** Ten weeks: sold on Monday, paid out on Wednesday, at the bank on Friday; every fifth a day later. */
const history = Array.from({ length: 10 }, (_, week) => {
  const monday = addDays('2026-08-03', week * 7)
  const late = week % 5 === 0 ? 3 : 0
  const payout = `po_${week}`
  return [
    line(`c${week}`, 'charge', 1_000n, monday, { payout, fee: 30n }),
    line(`p${week}`, 'payout', 970n, addDays(monday, 2), { payout, arrivedOn: addDays(monday, 4 + late) }),
  ]
}).flat()

describe('forecastSettlements', () => {
  it('expects what is on its way and what is not paid out by how long it took before', () => {
    const open = [
      line('p-open', 'payout', 500n, '2026-10-14', { payout: 'po_open' }),
      line('c-open', 'charge', 2_000n, '2026-10-14', { fee: 58n }),
      line('r-open', 'refund', -500n, '2026-10-14'),
    ]
    const { expected, overdue, paces } = forecastSettlements([...history, ...open], { asOf: '2026-10-15' })
    expect(expected).toEqual([
      {
        gateway: 'stripe',
        kind: 'payout',
        name: 'po_open',
        amount: eur(500n),
        expectedOn: '2026-10-16',
        latestOn: '2026-10-19',
        overdue: false,
      },
      {
        gateway: 'stripe',
        kind: 'balance',
        name: '2026-10-14',
        amount: eur(1_442n),
        expectedOn: '2026-10-19',
        latestOn: '2026-10-21',
        overdue: false,
      },
    ])
    expect(overdue).toEqual([])
    expect(paces).toEqual([
      {
        gateway: 'stripe',
        currency: 'EUR',
        toPayout: { median: 2, ninthDecile: 2, samples: 10 },
        toBank: { median: 2, ninthDecile: 5, samples: 10 },
      },
    ])
  })

  it('calls overdue what should have come in nine of ten cases, and tells of it under a name that stays', async () => {
    const open = line('p-open', 'payout', 500n, '2026-10-14', { payout: 'po_open' })
    for (const [asOf, count] of [
      ['2026-10-19', 0],
      ['2026-10-20', 1],
    ] as const)
      expect(forecastSettlements([...history, open], { asOf }).overdue).toHaveLength(count)
    const told: Notification[] = []
    const notify = {
      send: async (each: Notification) => (told.push(each), { id: '1', duplicate: false, channels: [] }),
    }
    expect(await tellOverdue(forecastSettlements([...history, open], { asOf: '2026-10-20' }), notify)).toBe(1)
    expect(told).toMatchObject([
      { key: 'settlement:stripe:payout:po_open:EUR', title: expect.stringContaining('overdue') },
    ])
    expect(told[0]!.text).toContain('5.00 EUR should have arrived by 2026-10-19')
  })

  it('knows nothing of what comes after its day', () => {
    const later = line('p-open', 'payout', 500n, '2026-10-14', { payout: 'po_open', arrivedOn: '2026-10-16' })
    expect(forecastSettlements([later], { asOf: '2026-10-15' }).expected).toHaveLength(1)
    expect(forecastSettlements([later], { asOf: '2026-10-16' }).expected).toEqual([])
    expect(forecastSettlements([later], { asOf: '2026-10-13' }).expected).toEqual([])
  })

  it('without a history takes the defaults, on days of the bank', () => {
    const friday = line('p', 'payout', 500n, '2026-11-06', { payout: 'po' })
    expect(forecastSettlements([friday], { asOf: '2026-11-06', toBank: 1 }).expected[0]?.expectedOn).toBe('2026-11-09')
    const always = { asOf: '2026-11-06', toBank: 1, isBankDay: () => true }
    expect(forecastSettlements([friday], always).expected[0]?.expectedOn).toBe('2026-11-07')
    expect(nextBankDay('2026-11-07', () => false)).toBe('2026-11-07')
  })

  it('where lines name no payout, what came first went out first', () => {
    const lines = [
      line('a', 'charge', 500n, '2026-11-02'),
      line('b', 'charge', 300n, '2026-11-03', { fee: 20n }),
      line('r', 'refund', -100n, '2026-11-03'),
      line('c', 'charge', 400n, '2026-11-04'),
      line('p', 'payout', 600n, '2026-11-05', { payout: 'po', arrivedOn: '2026-11-06' }),
    ]
    const { expected, paces } = forecastSettlements(lines, { asOf: '2026-11-06' })
    expect(expected.map(({ name, amount }) => [name, amount.amount])).toEqual([
      ['2026-11-03', 80n],
      ['2026-11-04', 400n],
    ])
    expect(paces[0]!.toPayout).toEqual({ median: 2, ninthDecile: 3, samples: 2 })
    expect(forecastSettlements(lines, { asOf: '2026-11-06', manual: ['stripe'] }).expected).toEqual([])
  })

  it('expects a payout that came back to be paid out again: its lines wait', () => {
    const movements = [
      line('c', 'charge', 500n, '2026-11-02', { payout: 'po' }),
      line('p', 'payout', 500n, '2026-11-03', { payout: 'po' }),
      line('f', 'payout_failure', -500n, '2026-11-04', { payout: 'po' }),
    ]
    expect(forecastSettlements(movements, { asOf: '2026-11-05' }).expected).toMatchObject([
      { kind: 'balance', name: '2026-11-02', amount: eur(500n) },
    ])
  })

  it('bad input: 30 February, and delays that are none', () => {
    expect(() => forecastSettlements([], { asOf: '2026-02-30' })).toThrow('is no day')
    expect(() => forecastSettlements([], { asOf: '2026-02-03', toBank: -1 })).toThrow('between 0 and 366')
  })
})
