import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockTokens, namesOf, plainBlockTokens, type BlockTokens } from './block-tokens.ts'
import { TokenKernel } from './token-kernel.ts'
import { LooseText, noRow, type TokenText } from './token-text.ts'

const kernel = TokenKernel.create()!

/** What a block says, whatever its order. */
function said(block: BlockTokens) {
  const tokens = namesOf(block).map((name, index) => {
    const postings = block.postings.subarray(block.offsets[index], block.offsets[index + 1])
    return [name, block.counts[index], Buffer.from(postings).toString('hex')] as const
  })
  return {
    rows: block.rows,
    tokens: tokens.sort(([first], [second]) => (first < second ? -1 : 1)),
    singles: [...block.singles].sort((first, second) => first - second),
  }
}

function textOf(values: readonly string[], rows: readonly number[]): TokenText {
  return { bytes: Buffer.from(values.map((value) => `${value}\n`).join('')), rows: Uint16Array.from(rows) }
}

function expectSame(texts: readonly TokenText[], rows: number): void {
  expect(said(kernel.tokensOf(texts, rows))).toEqual(said(plainBlockTokens(texts, rows)))
}

const word = fc.oneof(
  fc.constantFrom(
    'a',
    'A',
    'Error',
    'out_9',
    '0',
    'zz',
    'abcdefgh',
    'abcdefghi',
    'ABCDEFGHIJKLMNOPQ',
    'é',
    'ﬀ',
    '@`[{/:',
    '\u0000',
  ),
  fc.constantFrom('x'.repeat(63), 'x'.repeat(64), 'x'.repeat(65), `${'x'.repeat(64)}y`, 'x'.repeat(300)),
  fc.string({ maxLength: 20 }).map((text) => text.replaceAll('\n', ' ')),
)
const value = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '))
const text = (rowCount: number) =>
  fc
    .array(fc.record({ value, step: fc.constantFrom(0, 1, 1, 1, 7), isIndexed: fc.integer({ max: 9 }) }), {
      maxLength: 60,
    })
    .map((each) => {
      let row = 0
      const rows = each.map(({ step, isIndexed }) => {
        row = Math.min(row + step, rowCount - 1)
        return isIndexed < 0 ? noRow : row
      })
      return textOf(
        each.map((one) => one.value),
        rows,
      )
    })

describe('the tokens of a block in WebAssembly', () => {
  it('are those of the plain table', () => {
    const input = fc
      .constantFrom(1, 9, 100, 8_192)
      .chain((rows) => fc.record({ rows: fc.constant(rows), texts: fc.array(text(rows), { maxLength: 4 }) }))
    fc.assert(
      fc.property(input, ({ rows, texts }) => expectSame(texts, rows)),
      { numRuns: 300 },
    )
  })

  it('are so wherever sixteen or sixty-four bytes end', () => {
    for (let before = 0; before < 140; before++)
      for (const length of [1, 15, 16, 17, 64, 65, 130])
        expectSame(
          [textOf([`${'-'.repeat(before)}${'t'.repeat(length)}`, 'Tt-t', '', 't'.repeat(length)], [0, 1, 2, 3])],
          4,
        )
  })

  it('are so for every byte', () => {
    const bytes = Uint8Array.from({ length: 514 }, (_, index) => index & 0xff)
    bytes[513] = 0x0a
    expectSame([{ bytes, rows: Uint16Array.of(0, 1, 2) }], 3)
  })

  it('are so for rows in all densities, and where a token stands in all rows', () => {
    const rows = Array.from({ length: 8_192 }, (_, row) => row)
    const values = rows.map((row) =>
      [1, 2, 7, 8, 9, 127, 128, 129, 4_096]
        .filter((each) => row % each === 0)
        .map((each) => `every${each}`)
        .join(' '),
    )
    expectSame([textOf(values, rows)], 8_192)
    expectSame([textOf(values, rows), textOf(values.toReversed(), rows)], 8_192)
  })

  it('may be a hundred thousand, in a memory that is used again', () => {
    const values = Array.from({ length: 1_000 }, (_, row) =>
      Array.from({ length: 100 }, (__, index) => `token${row}x${index} pair${(row >> 1) * 100 + index}`).join(' '),
    )
    const block = kernel.tokensOf([textOf(values, [...values.keys()])], 1_000)
    expect(block.singles).toHaveLength(100_000)
    expect(namesOf(block)).toHaveLength(50_000)
    expectSame([textOf(['once', 'twice', 'twice'], [0, 1, 2])], 3)
    expectSame([], 3)
  })

  it('are found the plain way where the machine has none, and in blocks that are very large', () => {
    expect(TokenKernel.create('')).toBeUndefined()
    for (const words of [6 * 2 ** 20, 1.5 * 2 ** 20]) {
      const texts = [textOf([`${'- '.repeat(words)}far`, 'far near'], [0, 1])]
      expect(said(blockTokens(texts, 2))).toEqual(said(plainBlockTokens(texts, 2)))
    }
    const small = [textOf(['far', 'far near'], [0, 1])]
    expect(said(blockTokens(small, 2))).toEqual(said(plainBlockTokens(small, 2)))
  })

  it('need memory for what there may be of them only', () => {
    const other = TokenKernel.create()!
    other.tokensOf([textOf(['a b c'], [0])], 1)
    const before = other.memory
    expect(before).toBeLessThan(8 * 2 ** 20)
    other.tokensOf([textOf(['word '.repeat(2 ** 20)], [0])], 1)
    expect(other.memory).toBeGreaterThan(64 * 2 ** 20)
  })
})

describe('loose text', () => {
  it('is values with their rows, newlines in them being no ends', () => {
    const loose = new LooseText()
    loose.add('one\ntwo', 3)
    loose.add('', 4)
    expect(loose.text).toEqual({ bytes: new Uint8Array(Buffer.from('one two\n\n')), rows: Uint16Array.of(3, 4) })
    loose.clear()
    expect(loose.text.bytes).toHaveLength(0)
    expect(loose.text.rows).toHaveLength(0)
  })
})
