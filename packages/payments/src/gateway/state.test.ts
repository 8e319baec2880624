import { describe, expect, it } from 'vitest'
import { stateRank } from './state.ts'

describe('stateRank', () => {
  it.each([
    ['payment', ['created', 'declined', 'pending', 'authorised', 'captured', 'voided']],
    ['payment', ['created', 'requires_action', 'authorised', 'expired']],
    ['refund', ['pending', 'succeeded', 'failed']],
    ['capture', ['pending', 'succeeded', 'failed']],
    ['payout', ['pending', 'in_transit', 'paid', 'failed']],
    ['dispute', ['inquiry', 'needs_response', 'under_review', 'accepted', 'lost', 'won']],
    ['method', ['saved', 'removed']],
  ] as const)('%s: %j rise', (kind, states) => {
    const ranks = states.map((state) => stateRank(kind, state))
    expect(ranks).toEqual(ranks.toSorted((left, right) => left - right))
    expect(new Set(ranks).size).toBe(ranks.length)
  })

  it('puts an unknown state below all', () => {
    expect(stateRank('payment', 'teleported')).toBe(-1)
  })
})
