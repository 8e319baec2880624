import { describe, expect, it } from 'vitest'
import { compileProblem } from '../model/compile-problem.ts'
import type { Problem } from '../problem/problem.ts'
import { unassignedOf } from './unassigned.ts'

const problem: Problem = {
  vehicles: [{ id: 'van', start: 0, capacity: [4] }],
  stops: [{ id: 'quarry', place: 1, deliver: [9] }],
  matrix: { rows: 2, columns: 2, durations: [0, 7, 7, 0] },
}

/** Why the stop is left out, where so many milliseconds are left each time that is asked. */
function reasonAfter(...left: readonly number[]): string {
  const ask = left.values()
  const [first] = unassignedOf(problem, compileProblem(problem), [new Int32Array()], () => ask.next().value ?? 0)
  return first!.reason
}

describe('why a stop is left out', () => {
  it('is the constraint without which it could be served', () => {
    expect(reasonAfter(...Array.from({ length: 100 }, () => 50))).toBe('capacity')
  })

  it('is not known where time did not suffice to do without one constraint after the other', () => {
    expect(reasonAfter(50, 10)).toBe('unfinished')
  })
})
