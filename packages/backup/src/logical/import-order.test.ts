import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { importOrder } from './import-order.ts'

const graph = fc.integer({ min: 1, max: 9 }).chain((size) =>
  fc.record({
    tables: fc.constant(Array.from({ length: size }, (_, index) => index)),
    references: fc.array(fc.record({ from: fc.nat({ max: size - 1 }), to: fc.nat({ max: size - 1 }) }), {
      maxLength: 16,
    }),
  }),
)

/** Whether one table leads to another: the plain way, for comparison. */
function leads(references: readonly { from: number; to: number }[], from: number, to: number): boolean {
  const seen = new Set<number>()
  const open = [from]
  for (let table = open.pop(); table !== undefined; table = open.pop())
    for (const next of references.filter((each) => each.from === table).map((each) => each.to)) {
      if (next === to) return true
      if (!seen.has(next)) open.push(next)
      seen.add(next)
    }
  return false
}

describe('importOrder', () => {
  it('puts what is referred to first, and together only what forms a circle', () => {
    fc.assert(
      fc.property(graph, ({ tables, references }) => {
        const steps = importOrder(tables, references)
        const place = new Map(
          steps.flatMap((groups, step) =>
            groups.flatMap((group) => group.tables.map((table) => [table, { step, group }] as const)),
          ),
        )
        expect(place.size).toBe(tables.length)
        for (const { from, to } of references)
          if (place.get(from)!.group !== place.get(to)!.group)
            expect(place.get(to)!.step).toBeLessThan(place.get(from)!.step)
        for (const one of tables)
          for (const other of tables) {
            const circle = leads(references, one, other) && leads(references, other, one)
            if (one !== other) expect(place.get(one)!.group === place.get(other)!.group).toBe(circle)
            else expect(place.get(one)!.group.circular).toBe(circle || place.get(one)!.group.tables.length > 1)
          }
      }),
      { numRuns: 200 },
    )
  })

  it('follows a long chain of tables without a deep stack', () => {
    const tables = Array.from({ length: 20_000 }, (_, index) => index)
    const references = tables.slice(1).map((table) => ({ from: table, to: table - 1 }))
    expect(importOrder(tables, references)).toHaveLength(20_000)
  })
})
