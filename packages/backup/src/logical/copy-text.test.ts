import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeField, encodeField, splitRow } from './copy-text.ts'

const value = fc.option(fc.string({ unit: 'binary' }), { nil: null })

describe('COPY text', () => {
  it('gives back every value of every row', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 8 }), (values) => {
        const row = Buffer.from(`${values.map(encodeField).join('\t')}\n`)
        expect(row.indexOf('\n')).toBe(row.length - 1)
        expect(splitRow(row).map(decodeField)).toEqual(values)
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    ['the escapes that PostgreSQL writes', String.raw`a\tb\nc\rd\be\ff\vg\\h`, 'a\tb\nc\rd\be\ff\vg\\h'],
    ['a backslash before another letter', String.raw`\q`, 'q'],
    ['NULL', String.raw`\N`, null],
    ['the text that looks like NULL', String.raw`\\N`, String.raw`\N`],
    ['nothing', '', ''],
  ])('reads %s', (_, field, expected) => expect(decodeField(Buffer.from(field))).toBe(expected))

  it('knows a row without its end, and one without fields', () => {
    expect(splitRow(Buffer.from('a\tb')).map(String)).toEqual(['a', 'b'])
    expect(splitRow(Buffer.from('\n')).map(String)).toEqual([''])
  })
})
