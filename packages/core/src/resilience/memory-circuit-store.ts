import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import type { CircuitStore } from './circuit-store.ts'

/** Options of {@link memoryCircuitStore}. */
export interface MemoryCircuitStoreOptions {
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

interface CountedVote {
  readonly open: boolean
  /** Monotonic milliseconds. */
  readonly until: number
}

/**
 * Votes in this process's memory: for tests, and for several breakers in one process.
 *
 * @example
 * ```ts
 * import { memoryCircuitStore } from '@exprsn/core/resilience'
 *
 * const store = memoryCircuitStore()
 * await store.vote({ circuit: 'mail', instance: 'a', open: true, ttl: 10_000 })
 * console.log(await store.vote({ circuit: 'mail', instance: 'b', open: false, ttl: 10_000 })) // { live: 2, open: 1 }
 * ```
 */
export function memoryCircuitStore({ clock = systemClock }: MemoryCircuitStoreOptions = {}): CircuitStore {
  const circuits = new Map<string, Map<string, CountedVote>>()
  return {
    vote: async ({ circuit, instance, open, ttl }) => {
      const now = clock.monotonic()
      const votes = circuits.get(circuit) ?? new Map<string, CountedVote>()
      circuits.set(circuit, votes)
      votes.set(instance, { open, until: now + ttl })
      for (const [voter, { until }] of votes) if (until <= now) votes.delete(voter)
      return { live: votes.size, open: [...votes.values()].filter((vote) => vote.open).length }
    },
    withdraw: async (circuit, instance) => {
      const votes = circuits.get(circuit)
      votes?.delete(instance)
      if (votes?.size === 0) circuits.delete(circuit)
    },
  }
}
