import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical, digest } from './canonical.ts'

/** What it is, said plainly. */
function plain(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (typeof each === 'bigint') return String(each)
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return each
    return Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}

describe('canonical JSON', () => {
  it('is what sorting every object and writing it gives, for anything', () => {
    const leaf = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.bigInt(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.constant(undefined),
      fc.date({ noInvalidDate: true }),
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ depthSize: 'small' }, leaf, tie('list'), tie('record')),
      list: fc.array(tie('value'), { maxLength: 4 }),
      record: fc.dictionary(fc.string({ maxLength: 3 }), tie('value'), { maxKeys: 5 }),
    }))
    fc.assert(
      fc.property(value, (given) => {
        expect(canonical([given])).toBe(plain([given]))
      }),
      { numRuns: 500 },
    )
  })

  it('escapes what JSON escapes, and sorts by code units', () => {
    const given = {
      '\u00e9': '"\\\n\u0001',
      b: '\ud83d\ude00',
      a: '\ud83d',
      B: 1e21,
      _: -0,
      2: [undefined],
      10: undefined,
    }
    expect(canonical(given)).toBe(plain(given))
  })
})

describe('a digest', () => {
  it('is SHA-256 over the texts and their ends, however long they are', () => {
    const texts = Array.from({ length: 3_000 }, (_, index) => `${index} é `.repeat(index % 40))
    const expected = createHash('sha256')
    for (const text of texts) expected.update(text).update('\n')
    expect(digest(texts)).toBe(expected.digest('hex'))
    expect(digest(['a', 'b'])).not.toBe(digest(['ab', '']))
  })
})
