import { describe, expect, it } from 'vitest'
import { pack, unpack } from './pack.ts'

const text = Buffer.from(Array.from({ length: 40 }, (_, index) => `line ${index} of a log\n`).join(''))
const large = Buffer.alloc(17 * 2 ** 20, 'a line of a log\n')

function attempt(bytes: Uint8Array, size: number): Uint8Array | undefined {
  try {
    return unpack(bytes, size)
  } catch {
    return undefined
  }
}

describe('what was packed', () => {
  it.each([0, 1, 63, 64, 65, text.length])('comes out whole, %i bytes', (size) => {
    const bytes = text.subarray(0, size)
    expect(Buffer.from(unpack(pack(bytes), size)).equals(bytes)).toBe(true)
  })

  it('comes out whole where it is larger than a piece', () => {
    expect(Buffer.from(unpack(pack(large), large.length)).equals(large)).toBe(true)
  })

  it('is refused with another size, cut, or with something behind it', () => {
    const packed = pack(text)
    expect(() => unpack(packed, text.length - 1)).toThrow()
    expect(() => unpack(packed, text.length + 1)).toThrow(RangeError)
    expect(() => unpack(Buffer.concat([packed, packed]), text.length)).toThrow()
    expect(() => unpack(Buffer.concat([packed, Buffer.from('more')]), text.length)).toThrow('something follows its end')
    for (let end = 0; end < packed.length; end++) expect(attempt(packed.subarray(0, end), text.length)).toBeUndefined()
  })

  it('is refused, or still the same, with any bit flipped', () => {
    const packed = pack(text)
    for (let bit = 0; bit < packed.length * 8; bit++) {
      const flipped = Uint8Array.from(packed)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      const content = attempt(flipped, text.length)
      expect(content === undefined || Buffer.from(content).equals(text)).toBe(true)
    }
  })
})
