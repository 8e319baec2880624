import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkMetadata, decodeMetadataValue, encodeMetadataValue } from './metadata.ts'

describe('metadata values', () => {
  it('come back from their encoding, which is printable ASCII without spaces', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        const encoded = encodeMetadataValue(value)
        expect(encoded).toMatch(/^[!-~]*$/)
        expect(decodeMetadataValue(encoded)).toBe(value)
      }),
      { numRuns: 200 },
    )
  })

  it('are left alone where they cannot be an encoding', () => {
    expect(decodeMetadataValue('100%')).toBe('100%')
  })
})

describe('checkMetadata', () => {
  it('counts names and encoded values together', () => {
    expect(() => checkMetadata({ name: 'x'.repeat(2_044) })).not.toThrow()
    expect(() => checkMetadata({ name: 'x'.repeat(2_045) })).toThrow(/2,048 bytes/)
    expect(() => checkMetadata({ name: 'ü'.repeat(341) })).toThrow(/2,048 bytes/)
  })

  it('refuses what is not text', () => {
    expect(() => checkMetadata({ name: 5 as unknown as string })).toThrow(/its value is not text/)
  })
})
