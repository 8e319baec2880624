import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isSegmentName,
  isSegmentSize,
  parseSegmentName,
  parseSegmentSize,
  segmentName,
  segmentStart,
} from './segment.ts'

describe('segments', () => {
  it('have the names that PostgreSQL gives them', () => {
    expect(segmentName({ timeline: 1, start: 0x3000000n }, 16 << 20)).toBe('000000010000000000000003')
    expect(segmentName({ timeline: 0x1a, start: 0x12_ff000000n }, 16 << 20)).toBe('0000001A00000012000000FF')
    expect(segmentName({ timeline: 1, start: 0x40000000n }, 1 << 30)).toBe('000000010000000000000001')
  })

  it('are named and found again for every size', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 30 }),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        fc.integer({ min: 1, max: 2 ** 32 - 1 }),
        (bits, lsn, timeline) => {
          const start = segmentStart(lsn, 2 ** bits)
          expect(start <= lsn && lsn - start < 2n ** BigInt(bits)).toBe(true)
          expect(parseSegmentName(segmentName({ timeline, start }, 2 ** bits), 2 ** bits)).toEqual({ timeline, start })
        },
      ),
      { numRuns: 200 },
    )
  })

  it('are not mistaken for other files', () => {
    expect(isSegmentName('000000010000000000000003.partial')).toBe(true)
    for (const name of ['00000002.history', '00000001000000000000000a', '000000010000000000000003.backup', ''])
      expect(parseSegmentName(name, 16 << 20)).toBeUndefined()
    expect(parseSegmentName('000000000000000000000003', 16 << 20)).toBeUndefined()
    expect(parseSegmentName('000000010000000000000100', 16 << 20)).toBeUndefined()
  })

  it('have a size that is a power of two from 1 MiB to 1 GiB', () => {
    expect(parseSegmentSize('16MB')).toBe(16 << 20)
    expect(parseSegmentSize('1GB')).toBe(1 << 30)
    expect(parseSegmentSize('1024kB')).toBe(1 << 20)
    expect(isSegmentSize(1 << 19)).toBe(false)
    for (const text of ['3MB', '2GB', '512kB', '16', '', null, undefined])
      expect(() => parseSegmentSize(text)).toThrow(expect.objectContaining({ code: 'BACKUP_WAL_OPTION_INVALID' }))
  })
})
