import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJsonc } from './jsonc.ts'

describe('parseJsonc', () => {
  it('reads comments, trailing commas and a byte order mark', () => {
    const text = '\uFEFF// head\n{ /* in\nside */ "a": [1, 2, /* x */ ], // tail\n "b": { "c": "d", }, }\n// end'
    expect(parseJsonc(text)).toEqual({ value: { a: [1, 2], b: { c: 'd' } } })
  })

  it('leaves what looks like comments and commas inside strings alone', () => {
    const value = { url: 'http://host/*x*/', comma: ',}', quote: '\\" // ,]', 'k//': [',]'] }
    expect(parseJsonc(JSON.stringify(value, null, 1))).toEqual({ value })
  })

  it('reads every JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value)
        expect(parseJsonc(text)).toEqual({ value: JSON.parse(text) })
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    ['{\n  "a": 1\n  "b": 2\n}', { line: 3, column: 3 }],
    ['{ "a": 1', { line: 1, column: 9 }],
    ['', { line: 1, column: 1 }],
    ['{ "a": 1 /* open', { line: 1, column: 17 }],
  ])('says where %j goes wrong', (text, wrongAt) => {
    expect(parseJsonc(text)).toEqual({ wrongAt })
  })

  it('never hangs or throws, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('{', '}', '"', '/', '*', '//', ',', '\\', 'a', '\n', '[', ']', ':', '1'), {
          maxLength: 60,
        }),
        (parts) => {
          expect(parseJsonc(parts.join(''))).toBeTypeOf('object')
        },
      ),
      { numRuns: 5_000 },
    )
    const started = performance.now()
    parseJsonc('"'.repeat(100_001) + '/*'.repeat(100_000) + ','.repeat(100_000) + ' '.repeat(100_000))
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})
