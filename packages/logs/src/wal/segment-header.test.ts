import { describe, expect, it } from 'vitest'
import { decodeSegmentHeader, encodeSegmentHeader, segmentName, sequenceOfName } from './segment-header.ts'

const header = { id: '0123456789abcdef0123456789abcdef', firstSequence: 2 ** 40 + 7, createdAt: 1_795_000_000_123 }

describe('a segment header', () => {
  it('comes back, also from the middle of a larger buffer', () => {
    expect(decodeSegmentHeader(encodeSegmentHeader(header))).toEqual(header)
    const larger = Buffer.concat([Buffer.alloc(3), encodeSegmentHeader(header)])
    expect(decodeSegmentHeader(larger.subarray(3))).toEqual(header)
  })

  it('is none with any bit flipped, or cut', () => {
    const bytes = encodeSegmentHeader(header)
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = Buffer.from(bytes)
      damaged[bit >> 3]! ^= 1 << (bit & 7)
      expect(decodeSegmentHeader(damaged)).toBeUndefined()
    }
    expect(decodeSegmentHeader(bytes.subarray(0, 39))).toBeUndefined()
  })

  it('holds a clock that is before 1970 or beyond all bounds', () => {
    expect(decodeSegmentHeader(encodeSegmentHeader({ ...header, createdAt: -5 }))).toMatchObject({ createdAt: 0 })
    expect(decodeSegmentHeader(encodeSegmentHeader({ ...header, createdAt: 2 ** 52 }))).toMatchObject({
      createdAt: 2 ** 48 - 1,
    })
  })

  it('names files that sort as their lines do', () => {
    expect(sequenceOfName(segmentName(255))).toBe(255)
    expect(segmentName(9) < segmentName(10)).toBe(true)
    expect(sequenceOfName('lock')).toBeUndefined()
  })
})
