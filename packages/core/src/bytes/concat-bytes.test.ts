import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concatBytes } from './concat-bytes.ts'

describe('concatBytes', () => {
  it('joins in order', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 10 }), (parts) => {
        expect([...concatBytes(parts)]).toEqual(parts.flatMap((part) => [...part]))
      }),
      { numRuns: 200 },
    )
  })

  it('shares no memory with its parts, also when there is one', () => {
    const part = Uint8Array.of(1)
    const joined = concatBytes([part])
    part[0] = 9
    expect(joined[0]).toBe(1)
  })
})
