import { shuffled } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Money } from '../../money/money.ts'
import type { DisputeCase } from '../case/dispute-case.ts'
import { outcomeReport, type OutcomeGroup } from './outcome-report.ts'
import { outcomesPicture } from './outcomes-picture.ts'

const money = (amount: bigint, currency = 'EUR'): Money => ({ amount, currency })

function caseWith(more: Partial<DisputeCase>): DisputeCase {
  return {
    ...{ id: 'stripe:dp_1', gateway: 'stripe', reference: 'dp_1', payment: 'p1', stage: 'chargeback', status: 'won' },
    ...{ amount: money(5_000n), fee: money(0n), withdrawn: money(0n), reinstated: money(0n), reason: 'fraudulent' },
    ...{
      network: 'visa',
      networkReason: '10.4',
      family: 'fraud',
      openedAt: new Date(0),
      dueBy: undefined,
      actions: [],
    },
    ...{ submissions: [], answered: true, evidence: {}, underway: undefined, updatedAt: new Date(0) },
    ...more,
  }
}

const statuses = ['opened', 'evidence_due', 'submitted', 'under_review', 'won', 'lost', 'accepted', 'expired'] as const
const some = fc
  .tuple(fc.bigInt({ min: 0n, max: 99_999n }), fc.constantFrom('EUR', 'USD', 'JPY'))
  .map((all) => money(...all))
const drawn = fc
  .record({
    gateway: fc.constantFrom('stripe', 'paypal'),
    network: fc.constantFrom('visa', 'mastercard', undefined),
    family: fc.constantFrom('fraud', 'not_received'),
    status: fc.constantFrom(...statuses),
    answered: fc.boolean(),
    amount: some,
    fee: some,
    withdrawn: some,
    reinstated: some,
  })
  .map((each) => caseWith(each))

describe('how disputes ended', () => {
  it('adds up: groups to all, states to cases, amounts in each currency to what the cases say', () => {
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 30 }), fc.integer(), (cases, seed) => {
        const report = outcomeReport(cases)
        for (const groups of [report.byGateway, report.byNetwork, report.byFamily])
          for (const name of ['cases', 'open', 'won', 'lost', 'accepted', 'expired'] as const)
            expect(groups.reduce((sum, group) => sum + group[name], 0)).toBe(report.all[name])
        const check = ({ cases: count, open, won, lost, accepted, expired, winRate }: OutcomeGroup): void => {
          expect(open + won + lost + accepted + expired).toBe(count)
          if (winRate !== undefined) expect(winRate >= 0 && winRate <= 1 && won + lost > 0).toBe(true)
        }
        for (const group of [report.all, ...report.byGateway, ...report.byNetwork, ...report.byFamily]) check(group)
        for (const [name, field] of [
          ['disputed', 'amount'],
          ['fees', 'fee'],
        ] as const)
          for (const currency of ['EUR', 'USD', 'JPY']) {
            const own = cases.map((each) => each[field]).filter((each) => each.currency === currency)
            const expected = own.reduce((sum, { amount }) => sum + amount, 0n)
            expect(report.amounts.find((each) => each.currency === currency)?.[name].amount ?? 0n).toBe(expected)
          }
        expect(outcomeReport(shuffled(new SeededRandom(seed), cases))).toEqual(report)
      }),
      { numRuns: 200 },
    )
  })

  it('counts what was answered and decided for the rate of those won, and nothing else', () => {
    const report = outcomeReport([
      caseWith({ status: 'won' }),
      caseWith({ status: 'lost' }),
      caseWith({ status: 'lost' }),
      caseWith({ status: 'won', answered: false }),
      caseWith({ status: 'under_review', family: 'not_received' }),
      caseWith({ status: 'accepted', network: undefined }),
    ])
    expect(report.all).toMatchObject({ cases: 6, open: 1, won: 2, lost: 2, accepted: 1, winRate: 1 / 3 })
    expect(report.byFamily.map(({ name, winRate }) => [name, winRate])).toEqual([
      ['fraud', 1 / 3],
      ['not_received', undefined],
    ])
    expect(report.byNetwork.map(({ name }) => name)).toEqual(['unknown', 'visa'])
    expect(outcomeReport([]).all.winRate).toBe(undefined)
  })

  it('keeps every amount in the currency that it was moved in', () => {
    const usd = { amount: money(10_000n, 'USD') }
    const { amounts } = outcomeReport([
      caseWith({ ...usd, status: 'lost', withdrawn: money(9_200n), fee: money(1_500n) }),
      caseWith({ ...usd, status: 'won', withdrawn: money(9_200n), reinstated: money(9_100n), fee: money(1_500n) }),
      caseWith({ ...usd, status: 'evidence_due', withdrawn: money(9_200n) }),
    ])
    expect(amounts).toEqual([
      {
        ...{ currency: 'EUR', disputed: money(0n), atStake: money(0n), recovered: money(9_100n) },
        ...{ lost: money(9_200n), fees: money(3_000n) },
      },
      {
        ...{ currency: 'USD', disputed: money(30_000n, 'USD'), atStake: money(10_000n, 'USD') },
        ...{ recovered: money(0n, 'USD'), lost: money(0n, 'USD'), fees: money(0n, 'USD') },
      },
    ])
  })

  it('as a picture has a bar for each group and state, and says it in words', () => {
    const picture = outcomesPicture(outcomeReport([caseWith({ status: 'won' }), caseWith({ family: 'not_received' })]))
    expect(picture).toMatch(/^<svg/)
    expect(picture).toContain('not received')
    expect(picture).toContain('100 % won')
    expect(picture).toContain('fraud: 1 won, 0 lost')
    expect(outcomesPicture(outcomeReport([]))).not.toContain('NaN')
  })
})
