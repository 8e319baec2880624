import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { LifecycleComponent } from './component.ts'
import { startOrder } from './start-order.ts'

function components(graph: Record<string, string[]>): Map<string, LifecycleComponent> {
  return new Map(Object.entries(graph).map(([name, dependsOn]) => [name, { name, dependsOn }]))
}

const names = (graph: Record<string, string[]>): string[] => startOrder(components(graph)).map(({ name }) => name)

describe('startOrder', () => {
  it('puts dependencies first and keeps the order of adding otherwise', () => {
    expect(names({ server: ['jobs', 'database'], cache: [], jobs: ['database'], database: [] })).toEqual([
      'database',
      'jobs',
      'server',
      'cache',
    ])
  })

  it('puts every component after its dependencies, in any graph without circles', () => {
    const graphs = fc.array(fc.array(fc.nat(30), { maxLength: 5 }), { maxLength: 30 })
    fc.assert(
      fc.property(graphs, (edges) => {
        const graph = Object.fromEntries(
          edges.map((targets, index) => [
            `c${index}`,
            targets.filter((target) => target < index).map((target) => `c${target}`),
          ]),
        )
        const order = names(graph)
        expect(order).toHaveLength(edges.length)
        for (const [name, dependsOn] of Object.entries(graph))
          for (const dependency of dependsOn) expect(order.indexOf(dependency)).toBeLessThan(order.indexOf(name))
      }),
      { numRuns: 200 },
    )
  })

  it('names the circle', () => {
    expect(() => names({ a: ['b'], b: ['c'], c: ['d'], d: ['b'] })).toThrow('b → c → d → b')
    expect(() => names({ a: ['a'] })).toThrow(
      expect.objectContaining({ code: 'CORE_LIFECYCLE_CYCLE', details: { path: 'a → a' } }),
    )
  })

  it('names what is missing', () => {
    expect(() => names({ server: ['databse'] })).toThrow(
      expect.objectContaining({
        code: 'CORE_LIFECYCLE_NAME_UNKNOWN',
        details: { name: 'server', dependency: 'databse' },
      }),
    )
  })
})
