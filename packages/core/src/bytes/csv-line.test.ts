import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvLine } from './csv-line.ts'

/** Reads a record as RFC 4180 has it, character by character. */
function read(line: string): string[] {
  const cells = ['']
  let quoted = false
  for (let at = 0; at < line.length - 2; at++) {
    const character = line[at]!
    if (quoted && character === '"' && line[at + 1] === '"') cells[cells.length - 1] += line[at++]!
    else if (character === '"') quoted = !quoted
    else if (character === ',' && !quoted) cells.push('')
    else cells[cells.length - 1] += character
  }
  return cells
}

describe('csvLine', () => {
  it('is read back as it was, but for the apostrophe before what would be run', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('"', ',', '\r\n', '=1+1', '-2', '+3', '@x', '\tx'),
    )
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1, maxLength: 8 }), (cells) => {
        const line = csvLine(cells)
        expect(line.endsWith('\r\n')).toBe(true)
        const expected = cells.map((text) => (/^[=+@\t\r]|^-(?!\d+(\.\d+)?$)/.test(text) ? `'${text}` : text))
        expect(read(line)).toEqual(expected)
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    [['=HYPERLINK("https://example.com")'], `"'=HYPERLINK(""https://example.com"")"\r\n`],
    [['-12.50', -3, 7n, null, ''], '-12.50,-3,7,,\r\n'],
    [['-1+2', '+1', '@SUM(A1)', '\t=1', '\r=1'], `'-1+2,'+1,'@SUM(A1),'\t=1,"'\r=1"\r\n`],
  ])('writes record %# so that nothing of it is run', (cells, line) => {
    expect(csvLine(cells)).toBe(line)
  })
})
