import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodePayload } from './payload.ts'

describe('encodePayload', () => {
  it('gives JSON that reads back as the same value, for any JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = encodePayload('n', value, 1e6)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      }),
      { numRuns: 200 },
    )
  })

  it('takes or refuses with a typed error whatever it is given, and never changes a value silently', () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true })
    fc.assert(
      fc.property(anything, (value) => {
        let text: string
        try {
          text = encodePayload('n', value, 1e6)
        } catch (error) {
          expect((error as { code: string }).code).toMatch(/^CORE_JOBS_PAYLOAD_/)
          return
        }
        expect(encodePayload('n', JSON.parse(text), 1e6)).toBe(text)
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    [{ a: [1, { b: () => 1 }] }, '$.a[1].b', 'function'],
    [{ at: new Date() }, '$.at', 'plain'],
    [[undefined], '$[0]', 'undefined'],
    [{ toJSON: 1, big: 2n }, '$.big', 'bigint'],
  ])('names the place in %o', (value, path, reason) => {
    expect(() => encodePayload('n', value, 100)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ path }) }),
    )
    expect(() => encodePayload('n', value, 100)).toThrow(reason)
  })

  it('counts bytes, refuses deep nesting, and takes undefined for null', () => {
    expect(() => encodePayload('n', 'ä'.repeat(50), 100)).toThrow(
      expect.objectContaining({ code: 'CORE_JOBS_PAYLOAD_TOO_LARGE' }),
    )
    let deep: unknown = 1
    for (let level = 0; level < 10_000; level++) deep = [deep]
    expect(() => encodePayload('n', deep, 1e6)).toThrow('nested deeper')
    expect(encodePayload('n', undefined, 4)).toBe('null')
    expect(encodePayload('n', { a: undefined }, 100)).toBe('{}')
  })
})
