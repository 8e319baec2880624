import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkKey, compareKeys, keyProblem } from './key.ts'

describe('compareKeys', () => {
  it('orders any text as its UTF-8 bytes are ordered', () => {
    const text = fc.string({ unit: 'binary', maxLength: 6 })
    fc.assert(
      fc.property(text, text, (left, right) => {
        expect(Math.sign(compareKeys(left, right))).toBe(Buffer.compare(Buffer.from(left), Buffer.from(right)))
      }),
      { numRuns: 200 },
    )
  })

  it('puts U+FF5A before U+1F600, which UTF-16 does not', () => {
    expect(['😀', '\uff5a'].sort(compareKeys)).toEqual(['\uff5a', '😀'])
    expect(['😀', '\uff5a'].sort()).toEqual(['😀', '\uff5a'])
  })
})

describe('checkKey', () => {
  it('accepts parts of any printable text up to 1,024 bytes', () => {
    for (const key of ['a', 'a/b', '.a', '..a', 'a..', '...', 'ü'.repeat(512)]) expect(checkKey(key)).toBe(key)
  })

  it('says why a key is refused', () => {
    expect(keyProblem('ü'.repeat(513))).toBe('it is longer than 1024 bytes')
    expect(keyProblem('a/../b')).toBe('one of its parts is ".."')
    expect(keyProblem('a//b')).toBe('one of its parts is empty')
    expect(keyProblem('a\u007fb')).toBe('it contains a control character')
    expect(keyProblem('\udc00')).toBe('it is not well-formed Unicode')
    expect(() => checkKey('/a')).toThrow(expect.objectContaining({ code: 'CORE_STORAGE_KEY_INVALID', status: 400 }))
  })
})
