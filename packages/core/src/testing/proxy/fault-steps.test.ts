import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes } from '../../bytes/concat-bytes.ts'
import { faultSteps, type FaultStep } from './fault-steps.ts'
import type { ProxyFault } from './proxy-fault.ts'

const bytesOf = (steps: readonly FaultStep[]): Uint8Array =>
  concatBytes(steps.flatMap((step) => (step.kind === 'send' ? [step.bytes] : [])))
const endOf = (steps: readonly FaultStep[]): string | undefined =>
  steps.flatMap((step) => (step.kind === 'end' ? [step.how] : []))[0]

const fault: fc.Arbitrary<ProxyFault> = fc.oneof(
  fc.record({ kind: fc.constant('delay' as const), milliseconds: fc.nat(100) }),
  fc.record({ kind: fc.constant('throttle' as const), bytesPerSecond: fc.integer({ min: 1, max: 10_000 }) }),
  fc.record({
    kind: fc.constantFrom(
      'cut' as const,
      'reset' as const,
      'black-hole' as const,
      'half-open' as const,
      'corrupt' as const,
    ),
    afterBytes: fc.nat(200),
  }),
)

describe('faultSteps', () => {
  it('passes bytes on unchanged without faults', () => {
    expect(faultSteps([], 7, Uint8Array.of(1, 2))).toEqual([{ kind: 'send', bytes: Uint8Array.of(1, 2) }])
  })

  it.each(['cut', 'reset', 'black-hole', 'half-open'] as const)('%s comes after exactly the bytes named', (kind) => {
    const faults: ProxyFault[] = [{ kind, afterBytes: 3 }]
    expect(faultSteps(faults, 0, Uint8Array.of(1, 2, 3))).toEqual([{ kind: 'send', bytes: Uint8Array.of(1, 2, 3) }])
    expect(faultSteps(faults, 0, Uint8Array.of(1, 2, 3, 4))).toEqual([
      { kind: 'send', bytes: Uint8Array.of(1, 2, 3) },
      { kind: 'end', how: kind },
    ])
    expect(faultSteps(faults, 3, Uint8Array.of(4))).toEqual([{ kind: 'end', how: kind }])
  })

  it('does the earliest of several endings', () => {
    const faults: ProxyFault[] = [
      { kind: 'reset', afterBytes: 9 },
      { kind: 'cut', afterBytes: 1 },
    ]
    expect(endOf(faultSteps(faults, 0, new Uint8Array(20)))).toBe('cut')
  })

  it('flips one bit of the byte named and leaves the input alone', () => {
    const chunk = Uint8Array.of(8, 8, 8)
    const steps = faultSteps([{ kind: 'corrupt', afterBytes: 11 }], 10, chunk)
    expect([...bytesOf(steps)]).toEqual([8, 9, 8])
    expect(steps[0]).toEqual({ kind: 'corrupted' })
    expect([...chunk]).toEqual([8, 8, 8])
  })

  it('throttles to the rate, in pieces', () => {
    const steps = faultSteps([{ kind: 'throttle', bytesPerSecond: 1_000 }], 0, new Uint8Array(500))
    const waited = steps.reduce((sum, step) => sum + (step.kind === 'wait' ? step.milliseconds : 0), 0)
    expect(waited).toBeCloseTo(500)
    expect(steps.filter(({ kind }) => kind === 'send')).toHaveLength(10)
  })

  it('gives the same bytes however they were split', () => {
    const whole = Uint8Array.from({ length: 150 }, (_, index) => index)
    fc.assert(
      fc.property(fc.array(fault, { maxLength: 4 }), fc.array(fc.nat(150), { maxLength: 6 }), (faults, cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), 150]
        const parts: FaultStep[] = []
        for (let index = 1; index < places.length; index++) {
          if (endOf(parts) === undefined)
            parts.push(...faultSteps(faults, places[index - 1]!, whole.subarray(places[index - 1], places[index])))
        }
        const once = faultSteps(faults, 0, whole)
        expect(bytesOf(parts)).toEqual(bytesOf(once))
        expect(endOf(parts)).toBe(endOf(once))
      }),
      { numRuns: 200 },
    )
  })
})
