import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { circuitStoreCases } from '../../test/resilience/circuit-store-cases.ts'
import { memoryCircuitStore } from './memory-circuit-store.ts'

describe('memoryCircuitStore', () => {
  it.each(circuitStoreCases)('$name', async ({ run }) => {
    const clock = new SimulatedClock()
    await expect(run(memoryCircuitStore({ clock }), clock)).resolves.toBeUndefined()
  })
})
