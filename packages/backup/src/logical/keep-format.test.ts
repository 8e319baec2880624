import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keepFormat } from './keep-format.ts'

const key = Buffer.from('0123456789abcdef')
const text = { symbols: 'text' } as const

/** What stays: the kind of each character. */
function form(value: string): string {
  return value.replaceAll(/[0-9]/g, '0').replaceAll(/[a-z]/g, 'a').replaceAll(/[A-Z]/g, 'A')
}

describe('keepFormat', () => {
  it('keeps the form, gives the same again, and another with another key', () => {
    const value = 'Ada Lovelace <ada.lovelace+1815@example.org>'
    const masked = keepFormat(value, key, text)
    expect(masked).not.toBe(value)
    expect(form(masked)).toBe(form(value))
    expect(keepFormat(value, key, text)).toBe(masked)
    expect(keepFormat(value, Buffer.from('another key, also long'), text)).not.toBe(masked)
  })

  it('is one to one over all values of a form', () => {
    for (const [values, rule] of [
      [Array.from({ length: 1000 }, (_, number) => String(number).padStart(3, '0')), text],
      [Array.from({ length: 676 }, (_, number) => `${letter(number / 26)}-${letter(number % 26)}`), text],
      [Array.from({ length: 10 }, (_, number) => String(number)), { symbols: 'number' } as const],
      [Array.from({ length: 900 }, (_, number) => String(number + 100)), { symbols: 'number' } as const],
      [Array.from({ length: 256 }, (_, number) => number.toString(16).padStart(2, '0')), { symbols: 'hex' } as const],
    ] as const) {
      const masked = values.map((value) => keepFormat(value, key, rule))
      expect(masked.toSorted()).toEqual(values.toSorted())
    }
  })

  it('stays within what a type can hold, and one to one there', () => {
    const accepts = (value: string): boolean => Number(value) <= 32_767
    const values = Array.from({ length: 22_768 }, (_, number) => String(number + 10_000)).filter(
      (_, at) => at % 37 === 0,
    )
    const masked = values.map((value) => keepFormat(value, key, { symbols: 'number', accepts }))
    expect(masked.every((value) => accepts(value) && value.length === 5)).toBe(true)
    expect(new Set(masked).size).toBe(values.length)
  })

  it('changes no sign, point or leading zero of a number', () => {
    for (const value of ['-120.50', '0.05', '7', '-3', '10000000000000000000000000', 'NaN', 'Infinity'])
      expect(keepFormat(value, key, { symbols: 'number' }).replaceAll(/[0-9]/g, '0')).toBe(
        value.replaceAll(/[0-9]/g, '0'),
      )
    expect(keepFormat('10', key, { symbols: 'number' })).toMatch(/^[1-9][0-9]$/)
  })

  it('masks letters of other scripts, and none that it does not know stays', () => {
    const value = 'Žižek Ёлка Ωμέγα 東京 שלום ไทย'
    const masked = keepFormat(value, key, text)
    expect(Array.from(masked)).toHaveLength(Array.from(value).length)
    expect(masked.endsWith('xxx')).toBe(true)
    expect(masked).not.toMatch(/東|京/)
  })

  it('is one to one for texts of any length', () => {
    const long = fc.string({ unit: fc.constantFrom('a', 'b', 'Z', '0', '9', ' ', '-'), maxLength: 120 })
    fc.assert(
      fc.property(long, long, (one, other) => {
        const [first, second] = [keepFormat(one, key, text), keepFormat(other, key, text)]
        expect(form(first)).toBe(form(one))
        expect(first === second).toBe(one === other)
      }),
      { numRuns: 200 },
    )
    const twins = ['a', 'b'].map((end) => keepFormat(`${'long '.repeat(30)}${end}`, key, text))
    expect(twins[0]).not.toBe(twins[1])
  })
})

function letter(number: number): string {
  return String.fromCodePoint(97 + Math.floor(number))
}
