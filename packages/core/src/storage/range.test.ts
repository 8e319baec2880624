import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkRange, resolveRange } from './range.ts'

describe('resolveRange', () => {
  it('names the same bytes as subarray does, wherever it does not refuse', () => {
    const bytes = Uint8Array.from({ length: 20 }, (_, index) => index)
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 25 }),
        fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
        (start, end) => {
          const wanted = bytes.subarray(start, end)
          if (wanted.length === 0) {
            expect(() => resolveRange('key', { start, end }, 20)).toThrow(
              expect.objectContaining({ code: 'CORE_STORAGE_RANGE_INVALID' }),
            )
            return
          }
          const resolved = resolveRange('key', { start, end }, 20)
          expect(bytes.subarray(resolved.start, resolved.end)).toEqual(wanted)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('is the whole object where no range is given, also an empty one', () => {
    expect(resolveRange('key', undefined, 7)).toEqual({ start: 0, end: 7 })
    expect(resolveRange('key', undefined, 0)).toEqual({ start: 0, end: 0 })
  })
})

describe('checkRange', () => {
  it('refuses what is no range of any object', () => {
    for (const range of [
      { start: -1 },
      { start: Number.NaN },
      { start: 1.5 },
      { start: 0, end: 0 },
      { start: 0, end: Infinity },
      { start: 2 ** 53 },
    ])
      expect(() => checkRange('key', range)).toThrow(expect.objectContaining({ status: 416 }))
    expect(() => checkRange('key', { start: 2 ** 52 })).not.toThrow()
  })
})
