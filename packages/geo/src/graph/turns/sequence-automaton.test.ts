import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SequenceAutomaton } from './sequence-automaton.ts'

/** Follows a path until it is forbidden; returns how many edges were taken. */
function follow(sequences: readonly (readonly number[])[], path: readonly number[]): number {
  const automaton = new SequenceAutomaton(sequences)
  let state = 0
  for (const [taken, edge] of path.entries()) {
    state = automaton.step(state, edge)
    if (state < 0) return taken
  }
  return path.length
}

describe('SequenceAutomaton', () => {
  it('forbids a path as soon as it ends with a forbidden sequence', () => {
    const edge = fc.nat(3)
    const sequences = fc.array(fc.array(edge, { minLength: 2, maxLength: 5 }), { maxLength: 6 })
    fc.assert(
      fc.property(sequences, fc.array(edge, { maxLength: 40 }), (forbidden, path) => {
        const end = path.findIndex((_, at) =>
          forbidden.some((sequence) => `,${path.slice(0, at + 1)}`.endsWith(`,${sequence}`)),
        )
        expect(follow(forbidden, path)).toBe(end < 0 ? path.length : end)
      }),
      { numRuns: 1_000 },
    )
  })

  it('has one state where nothing is forbidden', () => {
    const automaton = new SequenceAutomaton([])
    expect([automaton.size, automaton.step(0, 5)]).toEqual([1, 0])
  })
})
