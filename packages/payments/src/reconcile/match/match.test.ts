import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assign, forbidden } from './assignment.ts'
import { chooseEdges } from './choose-edges.ts'
import { components } from './components.ts'
import type { Edge } from './edge.ts'
import { similarity } from './similarity.ts'
import { subsetsWithSum } from './subset-sum.ts'

const runs = { numRuns: 200 }

/** Every way to give rows columns, by brute force; a row may stay without one. */
function cheapest(costs: readonly (readonly number[])[], row = 0, used: readonly number[] = []): number {
  if (row === costs.length) return 0
  const taken = costs[row]!.map((cost, column) =>
    used.includes(column) ? Infinity : cost + cheapest(costs, row + 1, [...used, column]),
  )
  return Math.min(forbidden + cheapest(costs, row + 1, used), ...taken)
}

describe('an assignment', () => {
  it('is as cheap as the cheapest of all', () => {
    const costs = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([rows, columns]) => {
      const cost = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.constant(forbidden))
      const row = fc.array(cost, { minLength: columns, maxLength: columns })
      return fc.array(row, { minLength: rows, maxLength: rows })
    })
    fc.assert(
      fc.property(costs, (given) => {
        const { columns } = assign(given)
        const used = columns.filter((column) => column >= 0)
        expect(new Set(used).size).toBe(used.length)
        const total = columns.reduce((sum, column, row) => sum + (column < 0 ? forbidden : given[row]![column]!), 0)
        expect(total).toBe(cheapest(given))
      }),
      runs,
    )
  })
})

describe('subsets with a sum', () => {
  it('are those that trying all of them finds, and never claimed to be the only one when there are two', () => {
    const values = fc.array(fc.bigInt({ min: -30n, max: 30n }), { maxLength: 9 })
    fc.assert(
      fc.property(values, fc.bigInt({ min: -60n, max: 60n }), (given, target) => {
        let count = 0
        for (let bits = 0; bits < 1 << given.length; bits++) {
          const chosen = given.filter((_, at) => (bits >> at) & 1)
          if (chosen.length >= 2 && chosen.reduce((sum, value) => sum + value, 0n) === target) count++
        }
        const found = subsetsWithSum(given, target)
        expect(found).toHaveLength(Math.min(2, count))
        for (const each of found) expect(each.reduce((sum, at) => sum + given[at]!, 0n)).toBe(target)
      }),
      runs,
    )
  })
})

describe('edges', () => {
  const edge = (left: string, right: string, cost: number): Edge => ({
    left,
    right,
    cost,
    rule: 'reference',
    evidence: '',
  })

  it('are taken when every cheapest assignment has them, whatever their order', () => {
    const pair = fc.record({
      left: fc.constantFrom('a', 'b', 'c'),
      right: fc.constantFrom('x', 'y', 'z'),
      cost: fc.integer({ min: 0, max: 3 }),
    })
    const edges = fc.uniqueArray(pair, { selector: ({ left, right }) => left + right, maxLength: 9 })
    fc.assert(
      fc.property(edges, fc.infiniteStream(fc.nat()), (given, chance) => {
        const all = given.map(({ left, right, cost }) => edge(left, right, cost))
        const mixed = all.map((each) => [chance.next().value!, each] as const).toSorted(([a], [b]) => a - b)
        const names = (chosen: readonly Edge[]) => chosen.map(({ left, right }) => left + right).toSorted()
        const [one, other] = [chooseEdges(all), chooseEdges(mixed.map(([, each]) => each))]
        expect(names(other.taken)).toEqual(names(one.taken))
        expect(names(other.ambiguous)).toEqual(names(one.ambiguous))
        const ends = one.taken.flatMap(({ left, right }) => [left, right])
        expect(new Set(ends).size).toBe(ends.length)
      }),
      runs,
    )
  })

  it('that fit equally well are not taken', () => {
    expect(chooseEdges([edge('a', 'x', 1), edge('a', 'y', 1)])).toMatchObject({ taken: [], ambiguous: [{}, {}] })
    expect(chooseEdges([edge('a', 'x', 1), edge('a', 'y', 2)]).taken).toMatchObject([{ right: 'x' }])
  })

  it('of very many that all fit each other are left to people', () => {
    const many = Array.from({ length: 20 }, (_, at) => at)
    const all = many.flatMap((left) => many.map((right) => edge(`l${left}`, `r${right}`, Math.abs(left - right))))
    expect(chooseEdges(all).taken).toEqual([])
  })
})

describe('names', () => {
  it.each([
    ['Meyer, Anna', 'ANNA MEYER', 1],
    ['Müller GmbH', 'Muller GmbH', 1],
    ['Stripe Payments Europe', 'Stripe Payment Europe', 0.97],
    ['Stripe', 'PayPal', 0.5],
    ['', 'PayPal', 0],
  ])('%s and %s', (left, right, expected) => {
    expect(similarity(left, right)).toBeCloseTo(expected, 0)
    expect(similarity(left, right)).toBeCloseTo(similarity(right, left), 10)
  })
})

describe('components', () => {
  it('are what can be reached, in the order of the nodes', () => {
    expect(
      components(
        ['a', 'b', 'c', 'd'],
        [
          ['d', 'a'],
          ['b', 'c'],
        ],
      ),
    ).toEqual([
      ['a', 'd'],
      ['b', 'c'],
    ])
  })
})
