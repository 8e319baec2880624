import { shuffled } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '../forecast/days.ts'
import type { Movement } from '../movements/movement.ts'
import { cashPosition } from './cash-position.ts'

const money = (amount: bigint, currency = 'EUR') => ({ amount, currency })
const line = (kind: Movement['kind'], amount: bigint, day: string, given: Partial<Movement> = {}): Movement => ({
  ...{ id: `${kind} ${day}`, side: 'gateway', gateway: 'stripe', kind, amount: money(amount), fee: 0n, day },
  ...{ payout: undefined, arrivedOn: undefined },
  ...given,
})
const entry = (amount: bigint, day: string): Movement =>
  line('entry', amount, day, { side: 'bank', gateway: undefined })

describe('cashPosition', () => {
  it('follows money from the gateway over the way to the bank', () => {
    const [euros] = cashPosition(
      [
        line('charge', 5_000n, '2026-11-02', { fee: 175n }),
        line('payout', 4_825n, '2026-11-04', { payout: 'po', arrivedOn: '2026-11-06' }),
        entry(4_825n, '2026-11-06'),
        entry(-1_000n, '2026-11-06'),
      ],
      { opening: { EUR: 10_000n } },
    )
    const seen = euros!.days.map(({ day, atGateways, inTransit, atBank, total }) => [
      day.slice(-2),
      ...[atGateways['stripe']!, inTransit, atBank, total].map(({ amount }) => Number(amount)),
    ])
    expect(seen).toEqual([
      ['02', 4_825, 0, 10_000, 14_825],
      ['03', 4_825, 0, 10_000, 14_825],
      ['04', 0, 4_825, 10_000, 14_825],
      ['05', 0, 4_825, 10_000, 14_825],
      ['06', 0, 0, 13_825, 13_825],
    ])
  })

  it('gives back what the bank sends back, and parts currencies', () => {
    const positions = cashPosition([
      line('charge', 500n, '2026-11-02'),
      line('payout', 500n, '2026-11-03', { payout: 'po' }),
      line('payout_failure', -500n, '2026-11-04', { payout: 'po' }),
      line('charge', 700n, '2026-11-02', { amount: money(700n, 'USD') }),
    ])
    expect(positions.map(({ currency }) => currency)).toEqual(['EUR', 'USD'])
    expect(positions[0]!.days.at(-1)).toMatchObject({ atGateways: { stripe: money(500n) }, inTransit: money(0n) })
  })

  it('a day’s total changes by what was earned and what the bank saw besides, whatever the order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seed) => {
        const random = new SeededRandom(seed)
        const day = (): string => addDays('2026-11-01', random.uint32() % 20)
        const movements: Movement[] = []
        let earned = 0n
        for (let n = 0; n < 20; n++) {
          const amount = BigInt(100 + (random.uint32() % 10_000))
          movements.push(line('charge', amount, day(), { id: `c${n}`, fee: 10n }))
          earned += amount - 10n
          if (n % 4 > 0) continue
          const sent = day()
          const arrivedOn = random.uint32() % 2 === 0 ? addDays(sent, random.uint32() % 3) : undefined
          movements.push(line('payout', 300n, sent, { id: `p${n}`, payout: `po${n}`, arrivedOn }))
          if (arrivedOn !== undefined) movements.push({ ...entry(300n, arrivedOn), id: `b${n}` })
        }
        const [position] = cashPosition(shuffled(random, movements))
        expect(position!.days.at(-1)!.total).toEqual(money(earned))
        expect(cashPosition(movements)).toEqual([position])
        for (const { atGateways, inTransit, atBank, total } of position!.days)
          expect(atGateways['stripe']!.amount + inTransit.amount + atBank.amount).toBe(total.amount)
      }),
      { numRuns: 200 },
    )
  })

  it('begins and ends where it is asked to; what came before counts', () => {
    const movements = [line('charge', 500n, '2026-11-02'), line('charge', 200n, '2026-11-09')]
    const [euros] = cashPosition(movements, { since: '2026-11-05', until: '2026-11-07' })
    expect(euros!.days.map(({ day, total }) => [day, total.amount])).toEqual([
      ['2026-11-05', 500n],
      ['2026-11-06', 500n],
      ['2026-11-07', 500n],
    ])
    expect(cashPosition([])).toEqual([])
  })

  it('bad input: 30 February, and a span without end', () => {
    expect(() => cashPosition([], { since: '2026-02-30' })).toThrow('is no day')
    expect(() => cashPosition([line('charge', 1n, '1970-01-01')], { until: '2026-01-01' })).toThrow(
      'more than 3660 days',
    )
  })
})
