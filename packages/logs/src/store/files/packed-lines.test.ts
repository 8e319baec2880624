import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { forEachLine, packedRoom, packLines } from './packed-lines.ts'

const anyText = fc.string({ unit: fc.constantFrom('a', '\n', 'ü', '€', '😀', '\0'), maxLength: 20 })

describe('packed lines', () => {
  it('are the lines that were given, without a newline at their end', () => {
    const anyLine = fc.oneof(anyText, fc.uint8Array({ maxLength: 20 }))
    fc.assert(
      fc.property(fc.array(anyLine), (lines) => {
        const packed = packLines(lines, 1_000)
        const found: Buffer[] = []
        forEachLine(packed, (start, end) => found.push(packed.bytes.subarray(start, end)))
        const expected = lines.map((line) => {
          const bytes = Buffer.from(line)
          return bytes.at(-1) === 0x0a ? bytes.subarray(0, -1) : bytes
        })
        expect(found.map((line) => [...line])).toEqual(expected.map((line) => [...line]))
        expect(packed.count).toBe(lines.length)
      }),
      { numRuns: 200 },
    )
  })

  it('are refused when one is too long, in bytes', () => {
    expect(packLines(['ü'.repeat(5)], 10).bytes).toHaveLength(packedRoom + 4 + 10)
    expect(() => packLines(['a', 'ü'.repeat(6)], 10)).toThrow(
      expect.objectContaining({ code: 'LOGS_STORE_LINE_TOO_LARGE', details: { bytes: 12, limit: 10 } }),
    )
  })
})
