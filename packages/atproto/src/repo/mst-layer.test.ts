import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { mstLayer, mstLayerOfPath, mstLayerOfText } from './mst-layer.ts'
import { isRecordPath } from './record-path.ts'

/** The rule as it is written: pairs of zero bits that the hash begins with. */
function plainLayer(key: string): number {
  const bits = [...createHash('sha256').update(key).digest()].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return Math.floor(bits.indexOf('1') / 2)
}

it('is what the plain rule says, for keys of every length', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'abc012._:~-/Z'.split('')), maxLength: 120 }), (key) => {
      const bytes = Buffer.from(key)
      expect(mstLayerOfText(key)).toBe(plainLayer(key))
      expect(mstLayer(bytes, bytes.length)).toBe(plainLayer(key))
    }),
    { numRuns: 500 },
  )
})

it('checks paths as isRecordPath does', () => {
  const text = fc.string({ unit: fc.constantFrom(...'aZ9._:~-/é €\u0000'.split('')), maxLength: 8 })
  const near = fc.tuple(text, fc.constantFrom('/', '', '//'), text).map((parts) => parts.join(''))
  const long = fc.tuple(near, fc.constantFrom('a'.repeat(60), 'b/'.repeat(30))).map((parts) => parts.join(''))
  const known = fc.constantFrom(
    'a/.',
    'a/..',
    'a/...',
    '.a/b',
    '-/b',
    'a/',
    '/a',
    'a',
    '',
    '0/0',
    'a/b/c',
    'com.example.note/3jui7kd54zh2y',
  )
  fc.assert(
    fc.property(fc.oneof(near, long, known), (path) => {
      expect(mstLayerOfPath(path)).toBe(isRecordPath(path) ? plainLayer(path) : -1)
    }),
    { numRuns: 3000 },
  )
})
