import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { entryBytes } from './entry-bytes.ts'
import { goQuote, goUnquote } from './go-quote.ts'

describe('goQuote', () => {
  it.each([
    ['plain name.txt', 'plain name.txt'],
    ['tab\tq"uote', String.raw`tab\tq\"uote`],
    ['back\\slash', String.raw`back\\slash`],
    ['\u0007\b\f\n\r\v', String.raw`\a\b\f\n\r\v`],
    ['del\u007f nul\u0001', String.raw`del\x7f nul\x01`],
    ['u\u2028v', String.raw`u\u2028v`],
    ['äöü 😀', 'äöü 😀'],
    ['\u00a0', String.raw`\u00a0`],
    ['\u{e0001}', String.raw`\U000e0001`],
    ['<&>', '<&>'],
  ])('writes %j as Go does', (name, quoted) => {
    expect(goQuote(name)).toBe(quoted)
    expect(goUnquote(quoted)).toBe(name)
  })

  it('writes bytes that are not UTF-8 one by one', () => {
    const name = Uint8Array.of(0x78, 0xff, 0xfe, 0xc3, 0x79)
    expect(goQuote(name)).toBe(String.raw`x\xff\xfe\xc3y`)
    expect(goUnquote(String.raw`x\xff\xfe\xc3y`)).toEqual(name)
  })

  it('survives the way there and back, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
        const back = goUnquote(goQuote(bytes))
        expect(Buffer.from(entryBytes(back!)).equals(bytes)).toBe(true)
      }),
      { numRuns: 200 },
    )
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(goUnquote(goQuote(text))).toBe(text)
      }),
      { numRuns: 200 },
    )
  })

  it.each(['a"b', 'line\nfeed', String.raw`\q`, String.raw`\x1`, '\\', String.raw`\ud800`, String.raw`\777`])(
    'does not take %j for a quotation',
    (quoted) => expect(goUnquote(quoted)).toBeUndefined(),
  )

  it('reads octal escapes, which Go accepts', () => {
    expect(goUnquote(String.raw`\101`)).toBe('A')
  })
})
