import { shuffled } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Movement } from '../movements/movement.ts'
import { auditFees } from './audit-fees.ts'
import type { FeeRule } from './fee-rule.ts'

const eur = (amount: bigint) => ({ amount, currency: 'EUR' })
const charge = (id: string, amount: bigint, fee: bigint, given: Partial<Movement> = {}): Movement => ({
  ...{ id, side: 'gateway', gateway: 'stripe', kind: 'charge', amount: eur(amount), fee, day: '2026-11-02' },
  ...{ payout: undefined, arrivedOn: undefined },
  ...given,
})
const contract: FeeRule = { gateway: 'stripe', currency: 'EUR', rate: '0.029', fixed: 30n }

describe('auditFees', () => {
  it('finds what is too much and too little, the largest first', () => {
    const { findings, totals } = auditFees(
      [charge('a', 10_000n, 320n), charge('b', 10_000n, 420n), charge('c', 5_000n, 100n), charge('d', 5_001n, 176n)],
      [contract],
    )
    expect(findings.map(({ id, reason, difference }) => [id, reason, difference.amount])).toEqual([
      ['b', 'too_much', 100n],
      ['c', 'too_little', -75n],
    ])
    expect(totals).toMatchObject([
      {
        gateway: 'stripe',
        kind: 'charge',
        movements: 4,
        ruled: 4,
        charged: eur(1_016n),
        expected: eur(990n),
        difference: eur(26n),
      },
    ])
  })

  it('takes the first rule that fits by kind, currency and day, with its bounds', () => {
    const rules: readonly FeeRule[] = [
      { ...contract, rate: '0.014', fixed: 25n, since: '2026-11-15' },
      { ...contract, until: '2026-11-15' },
      { ...contract, kind: 'dispute', rate: '0', fixed: 1_500n },
      { ...contract, currency: 'USD', minimum: 50n, maximum: 400n },
    ]
    const usd = (amount: bigint) => ({ amount: { amount, currency: 'USD' } })
    const { findings } = auditFees(
      [
        charge('before', 10_000n, 320n, { day: '2026-11-14' }),
        charge('after', 10_000n, 165n, { day: '2026-11-15' }),
        charge('dispute', -10_000n, 1_500n, { kind: 'dispute' }),
        charge('smallest', 100n, 50n, usd(100n)),
        charge('largest', 100_000n, 400n, usd(100_000n)),
        charge('wrong', 10_000n, 319n, { day: '2026-11-20' }),
      ],
      rules,
    )
    expect(findings.map(({ id }) => id)).toEqual(['wrong'])
  })

  it('learns what is usual where no rule fits, although a fifth of it is wrong', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seed) => {
        const random = new SeededRandom(seed)
        const movements = Array.from({ length: 60 }, (_, index) => {
          const amount = BigInt(500 + (random.uint32() % 40_000))
          const fee = (amount * 349n + 5_000n) / 10_000n + 49n
          return charge(`t${index}`, amount, index % 5 === 0 ? fee + 300n : fee)
        })
        const { findings, totals } = auditFees(shuffled(random, movements), [])
        expect(findings.map(({ id }) => id).toSorted()).toEqual(
          movements
            .filter((_, index) => index % 5 === 0)
            .map(({ id }) => id)
            .toSorted(),
        )
        expect(findings.every(({ reason }) => reason === 'unusual')).toBe(true)
        expect(totals[0]!.learned!.rate).toBeCloseTo(0.0349, 3)
      }),
      { numRuns: 50 },
    )
  })

  it('says nothing about a few, nor about fees that are all the same', () => {
    const few = Array.from({ length: 7 }, (_, index) => charge(`t${index}`, 1_000n, BigInt(index * 100)))
    expect(auditFees(few, []).findings).toEqual([])
    const same = Array.from({ length: 20 }, (_, index) => charge(`t${index}`, 1_000n, 30n))
    expect(auditFees(same, [])).toMatchObject({ findings: [], totals: [{ learned: { fixed: 30 } }] })
  })

  it('leaves fees themselves, adjustments and the bank alone', () => {
    const others = [
      charge('f', -100n, 0n, { kind: 'fee' }),
      charge('a', -100n, 0n, { kind: 'adjustment' }),
      charge('b', 100n, 0n, { side: 'bank', kind: 'entry' }),
    ]
    expect(auditFees(others, [contract])).toEqual({ findings: [], totals: [] })
  })

  it.each<[string, Partial<FeeRule>, string]>([
    ['bad input: a rate in per cent', { rate: '2.9 %' }, 'has a rate'],
    ['bad input: a currency that is none', { currency: 'eur' }, 'has no currency'],
    ['bad input: a kind that is none', { kind: 'tip' as never }, 'is of a kind'],
    ['bad input: a fee as a number', { fixed: 30 as never }, 'are no bigints'],
    ['bad input: 30 February', { since: '2026-02-30' }, 'that no calendar has'],
    ['bad input: bounds that cross', { minimum: 10n, maximum: 5n }, 'below its minimum'],
  ])('%s', (_, given, reason) => {
    expect(() => auditFees([], [{ ...contract, ...given }])).toThrow(reason)
  })

  it('bad input: a tolerance below nothing', () => {
    expect(() => auditFees([], [], { tolerance: -1n })).toThrow('zero or more')
  })
})
