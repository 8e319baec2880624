import { shuffled, randomBelow } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DisputeSnapshot } from '../../gateway/snapshot.ts'
import { encodeJson } from '../../payments/stored-json.ts'
import { randomCaseHistory } from '../../../test/dispute/random-case-history.ts'
import type { CaseActs } from './case-acts.ts'
import { factsOf, joinFacts, type CaseFacts } from './case-facts.ts'
import { statusOf } from './case-status.ts'

const eur = (amount: bigint) => ({ amount, currency: 'EUR' })
const none: CaseActs = { submissions: [] }
const day = 86_400_000

function report(given: Partial<DisputeSnapshot>): DisputeSnapshot {
  const base = { kind: 'dispute', reference: 'D', payment: 'P', reason: 'fraudulent', state: 'needs_response' } as const
  return { ...base, amount: eur(100n), withdrawn: eur(0n), reinstated: eur(0n), ...given }
}

const joined = (reports: readonly DisputeSnapshot[]): CaseFacts => reports.map(factsOf).reduce(joinFacts)

describe('the facts of a case', () => {
  it('are the same in every order of the reports, and told twice', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seed) => {
        const random = new SeededRandom(seed)
        const reports = randomCaseHistory(random)
        const doubled = [...reports, ...reports.filter(() => randomBelow(random, 3) === 0)]
        const mixed = shuffled(random, doubled)
        expect(encodeJson(joined(mixed))).toBe(encodeJson(joined(reports)))
        // Parted among processes, and brought together again.
        const middle = 1 + randomBelow(random, mixed.length - 1)
        const parts = [joined(mixed.slice(middle)), joined(mixed.slice(0, middle))] as const
        expect(encodeJson(joinFacts(...parts))).toBe(encodeJson(joined(reports)))
      }),
      { numRuns: 200 },
    )
  })

  it('end where the gateway’s own history ends', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (seed) => {
        const reports = randomCaseHistory(new SeededRandom(seed))
        const last = reports.at(-1)!
        const facts = joined(shuffled(new SeededRandom(seed + 1), reports))
        expect(facts.state.value).toBe(last.state)
        expect(facts.stage).toBe(last.stage)
        expect(facts.withdrawn).toEqual(last.withdrawn)
        expect(facts.reinstated).toEqual(last.reinstated)
      }),
      { numRuns: 200 },
    )
  })

  it('know the next stage as the later one, whatever state the last one ended in', () => {
    const lost = report({ state: 'won', stage: 'chargeback', withdrawn: eur(100n), reinstated: eur(100n) })
    const again = report({
      state: 'needs_response',
      stage: 'pre_arbitration',
      withdrawn: eur(200n),
      reinstated: eur(100n),
    })
    for (const order of [
      [lost, again],
      [again, lost],
    ])
      expect(joined(order)).toMatchObject({ stage: 'pre_arbitration', state: { value: 'needs_response' } })
  })

  it('keep the earliest opening, the largest totals, and reasons that later reports leave out', () => {
    const first = report({ openedAt: new Date(2), network: 'Visa', networkReason: '10.4', withdrawn: eur(100n) })
    const later = report({ openedAt: new Date(5), state: 'under_review' })
    expect(joined([later, first])).toMatchObject({
      openedAt: new Date(2),
      withdrawn: eur(100n),
      network: { value: 'visa' },
      networkReason: { value: '10.4' },
    })
  })
})

describe('the status of a case', () => {
  const due = new Date(10 * day)
  const own = { stage: 'chargeback', at: new Date(day), by: 'ann', key: 'k' } as const
  const taken = { withdrawn: eur(100n) }
  it.each<[string, readonly Partial<DisputeSnapshot>[], CaseActs, number, string]>([
    ['no date', [{}], none, 0, 'opened'],
    ['a date', [{ evidenceDueBy: due }], none, 10 * day - 1, 'evidence_due'],
    ['the date has come', [{ evidenceDueBy: due }], none, 10 * day, 'expired'],
    ['handed in', [{ evidenceDueBy: due }], { submissions: [own] }, day, 'submitted'],
    ['handed in, and the date has passed', [{ evidenceDueBy: due }], { submissions: [own] }, 11 * day, 'submitted'],
    ['reviewed', [{ state: 'under_review' }], none, 0, 'under_review'],
    ['a date of another stage', [{ evidenceDueBy: due }, { stage: 'pre_arbitration' }], none, 11 * day, 'opened'],
    [
      'handed in before, and asked again in the next stage',
      [{ stage: 'pre_arbitration', evidenceDueBy: due, submissions: 1 }],
      { submissions: [own] },
      day,
      'evidence_due',
    ],
    [
      'asked again in the same stage after it saw the evidence',
      [
        { submissions: 0, changedAt: new Date(1) },
        { submissions: 1, changedAt: new Date(2), evidenceDueBy: due },
      ],
      { submissions: [own] },
      day,
      'evidence_due',
    ],
    ['won', [{ state: 'won' }], none, 0, 'won'],
    ['won after it had expired', [{ evidenceDueBy: due }, { state: 'won' }], none, 11 * day, 'won'],
    ['lost', [{ state: 'lost', ...taken }], none, 0, 'lost'],
    [
      'lost by conceding',
      [{ state: 'lost' }],
      { ...none, acceptance: { state: 'asked', stage: 'chargeback', at: due, by: 'a' } },
      0,
      'accepted',
    ],
    [
      'conceded, and the gateway has not said so',
      [{}],
      { ...none, acceptance: { state: 'made', stage: 'chargeback', at: due, by: 'a' } },
      0,
      'accepted',
    ],
    [
      'the wish to concede alone',
      [{}],
      { ...none, acceptance: { state: 'asked', stage: 'chargeback', at: due, by: 'a' } },
      0,
      'opened',
    ],
    [
      'conceded before, and asked again in the next stage',
      [{ stage: 'arbitration', evidenceDueBy: due }],
      { ...none, acceptance: { state: 'made', stage: 'chargeback', at: due, by: 'a' } },
      0,
      'evidence_due',
    ],
    ['an inquiry', [{ state: 'inquiry', evidenceDueBy: due }], none, 0, 'evidence_due'],
    ['an inquiry that ended', [{ state: 'inquiry' }, { state: 'closed' }], none, 0, 'won'],
    ['closed with the money gone', [{ state: 'closed', stage: 'chargeback', ...taken }], none, 0, 'lost'],
    ['accepted, says the gateway', [{ state: 'accepted' }], none, 0, 'accepted'],
  ])('%s', (_, reports, acts, now, status) => {
    expect(statusOf(joined(reports.map(report)), acts, now)).toBe(status)
  })
})
