import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SimulatedClock } from '../testing/clock/simulated-clock.ts'
import { retryBudget } from './retry-budget.ts'

function withdrawals(budget: ReturnType<typeof retryBudget>, tries: number): number {
  let granted = 0
  for (let index = 0; index < tries; index++) if (budget.withdraw()) granted++
  return granted
}

describe('retryBudget', () => {
  it('allows the minimum per second without any traffic', async () => {
    const clock = new SimulatedClock()
    const budget = retryBudget({ minimumPerSecond: 5, clock })
    expect(withdrawals(budget, 20)).toBe(5)
    await clock.advanceBy('1s')
    expect(withdrawals(budget, 20)).toBe(5)
    await clock.advanceBy('1h')
    expect(withdrawals(budget, 20)).toBe(5)
  })

  it('adds a rate below one per second up to a whole retry', async () => {
    const clock = new SimulatedClock()
    const budget = retryBudget({ minimumPerSecond: 0.1, clock })
    expect(withdrawals(budget, 5)).toBe(1)
    await clock.advanceBy('9s')
    expect(withdrawals(budget, 5)).toBe(0)
    await clock.advanceBy('2s')
    expect(withdrawals(budget, 5)).toBe(1)
  })

  it('earns a share of the calls, up to its capacity', () => {
    const budget = retryBudget({ ratio: 0.25, minimumPerSecond: 0, capacity: 10, clock: new SimulatedClock() })
    for (let call = 0; call < 8; call++) budget.deposit()
    expect(withdrawals(budget, 10)).toBe(2)
    for (let call = 0; call < 1_000; call++) budget.deposit()
    expect(withdrawals(budget, 100)).toBe(10)
  })

  it('never grants more than the share and the minimum together', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('call', 'retry', 'wait'), { maxLength: 300 }), async (steps) => {
        const clock = new SimulatedClock()
        const budget = retryBudget({ ratio: 0.5, minimumPerSecond: 2, clock })
        let calls = 0
        let granted = 0
        for (const step of steps) {
          if (step === 'call') budget.deposit()
          if (step === 'call') calls++
          if (step === 'retry' && budget.withdraw()) granted++
          if (step === 'wait') await clock.advanceBy(100)
        }
        expect(granted).toBeLessThanOrEqual(calls * 0.5 + 2 + (clock.monotonic() / 1_000) * 2)
      }),
      { numRuns: 200 },
    )
  })

  it.each(['ratio', 'minimumPerSecond', 'capacity'])('refuses a %s below 0 or that is no number', (option) => {
    for (const value of [-1, Number.NaN])
      expect(() => retryBudget({ [option]: value })).toThrow(
        expect.objectContaining({ code: 'CORE_POLICY_OPTION_INVALID' }),
      )
  })
})
