import { SeededRandom } from '@exprsn/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPoly1305, poly1305 } from './poly1305.ts'
import { poly1305Plain } from './poly1305-plain.ts'

const bytes = (text: string) => Buffer.from(text.replaceAll(/[^0-9a-f]/g, ''), 'hex')
const hex = (value: Uint8Array) => Buffer.from(value).toString('hex')
const zeros = bytes('00'.repeat(16))

/** RFC 8439, section 2.5.2 and appendix A.3: r, s, message, tag. */
const published: readonly (readonly [string, Uint8Array, Uint8Array, Uint8Array, string])[] = [
  [
    '2.5.2',
    bytes('85d6be7857556d337f4452fe42d506a8'),
    bytes('0103808afb0db2fd4abff6af4149f51b'),
    Buffer.from('Cryptographic Forum Research Group'),
    'a8061dc1305136c6c22b8baf0c0127a9',
  ],
  ['A.3 #1', zeros, zeros, Buffer.alloc(64), '00'.repeat(16)],
  ['A.3 #7: 2¹³⁰ − 5 + 3', bytes(`02${'00'.repeat(15)}`), zeros, bytes('ff'.repeat(16)), `03${'00'.repeat(15)}`],
  [
    'A.3 #8: the sum with s overflows',
    bytes(`02${'00'.repeat(15)}`),
    bytes('ff'.repeat(16)),
    bytes(`02${'00'.repeat(15)}`),
    `03${'00'.repeat(15)}`,
  ],
  [
    'A.3 #9: carry in every limb',
    bytes(`01${'00'.repeat(15)}`),
    zeros,
    bytes(`${'ff'.repeat(16)} f0${'ff'.repeat(15)} 11${'00'.repeat(15)}`),
    `05${'00'.repeat(15)}`,
  ],
  [
    'A.3 #10: 2¹³⁰ − 5 exactly',
    bytes(`01${'00'.repeat(15)}`),
    zeros,
    bytes(`${'ff'.repeat(16)} fb${'fe'.repeat(15)} ${'01'.repeat(16)}`),
    '00'.repeat(16),
  ],
  ['A.3 #11', bytes(`02${'00'.repeat(15)}`), zeros, bytes(`fd${'ff'.repeat(15)}`), `fa${'ff'.repeat(15)}`],
]

describe('poly1305', () => {
  it.each(published)('gives the published tag of RFC 8439 %s', (_name, r, s, message, tag) => {
    expect(hex(poly1305(r, s, message))).toBe(tag)
    expect(hex(poly1305Plain(r, s, message))).toBe(tag)
  })

  it('agrees with the plain one on random and on extreme input of every length up to a few blocks', () => {
    const block = fc.oneof(
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.constantFrom(zeros, bytes('ff'.repeat(16))),
    )
    const message = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.integer({ min: 0, max: 400 }).map((length) => Buffer.alloc(length, 255)),
    )
    fc.assert(
      fc.property(block, block, message, (r, s, text) => {
        expect(hex(poly1305(r, s, text))).toBe(hex(poly1305Plain(r, s, text)))
      }),
      { numRuns: 500 },
    )
  })

  it('agrees where a message is longer than the memory window', () => {
    const random = new SeededRandom(7)
    const [r, s] = [random.bytes(16), random.bytes(16)]
    for (const length of [65_535, 65_536, 65_537, 65_664, 131_072 + 31, 200_000]) {
      const message = random.bytes(length)
      expect(hex(poly1305(r, s, message)), `${length} bytes`).toBe(hex(poly1305Plain(r, s, message)))
    }
  })

  it('keeps nothing of the message before', () => {
    const random = new SeededRandom(8)
    const [r, s, long, short] = [random.bytes(16), random.bytes(16), random.bytes(1_000), random.bytes(3)]
    const alone = hex(createPoly1305()(r, s, short))
    const one = createPoly1305()
    one(s, r, long)
    expect(hex(one(r, s, short))).toBe(alone)
  })

  it('does without WebAssembly', () => {
    expect(createPoly1305('AAAA')).toBe(poly1305Plain)
  })
})
