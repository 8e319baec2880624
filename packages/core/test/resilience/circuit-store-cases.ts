import { expect } from 'vitest'
import type { SimulatedClock } from '../../src/testing/clock/simulated-clock.ts'
import type { CircuitStore } from '../../src/resilience/circuit-store.ts'

/** What every store of votes does. The store reads this clock. */
export const circuitStoreCases: readonly {
  readonly name: string
  run(store: CircuitStore, clock: SimulatedClock): Promise<void>
}[] = [
  {
    name: 'counts each instance once, and its last vote',
    async run(store) {
      const vote = (instance: string, open: boolean) => store.vote({ circuit: 'c', instance, open, ttl: 60_000 })
      expect(await vote('a', true)).toEqual({ live: 1, open: 1 })
      expect(await vote('b', false)).toEqual({ live: 2, open: 1 })
      expect(await vote('b', true)).toEqual({ live: 2, open: 2 })
      expect(await vote('a', false)).toEqual({ live: 2, open: 1 })
    },
  },
  {
    name: 'keeps circuits apart',
    async run(store) {
      await store.vote({ circuit: 'one', instance: 'a', open: true, ttl: 60_000 })
      expect(await store.vote({ circuit: 'two', instance: 'b', open: false, ttl: 60_000 })).toEqual({
        live: 1,
        open: 0,
      })
    },
  },
  {
    name: 'forgets votes that ran out, unless they are renewed',
    async run(store, clock) {
      const vote = (instance: string, open: boolean) => store.vote({ circuit: 'ttl', instance, open, ttl: 10_000 })
      await vote('a', true)
      await vote('b', true)
      await clock.advanceBy(9_999)
      expect(await vote('b', true)).toEqual({ live: 2, open: 2 })
      await clock.advanceBy(1)
      expect(await vote('c', false)).toEqual({ live: 2, open: 1 })
    },
  },
  {
    name: 'takes a vote back',
    async run(store) {
      await store.vote({ circuit: 'w', instance: 'a', open: true, ttl: 60_000 })
      await store.withdraw('w', 'a')
      await store.withdraw('w', 'nobody')
      await store.withdraw('nothing', 'a')
      expect(await store.vote({ circuit: 'w', instance: 'b', open: false, ttl: 60_000 })).toEqual({ live: 1, open: 0 })
    },
  },
]
