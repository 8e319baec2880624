import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tokensOf } from '../line/character-classes.ts'
import { namesOf } from './block-tokens.ts'
import { decodePostings, encodePostings } from './posting-list.ts'
import { buildDictionary, readPage } from './token-dictionary.ts'
import { buildFilter, filterBits, filterLine, filterLineBytes, isInFilter } from './token-filter.ts'
import { longestIndexedToken, tokenHash } from './token-hash.ts'
import { TokenTable } from './token-table.ts'

const text = fc
  .array(fc.constantFrom('Error', 'time', 'out_9', 'é', ' ', '-', 'x'.repeat(70), 'a1', '7'), { maxLength: 8 })
  .map((parts) => parts.join(' '))

/** Rows by token, the plain way. */
function plainRows(texts: readonly string[]): Map<string, number[]> {
  const rows = new Map<string, number[]>()
  for (const [row, each] of texts.entries())
    for (const token of new Set(tokensOf(each).map((one) => one.slice(0, longestIndexedToken))))
      rows.set(token, [...(rows.get(token) ?? []), row])
  return rows
}

function tableOf(texts: readonly string[], order: readonly number[] = [...texts.keys()]): TokenTable {
  const table = new TokenTable()
  for (const row of order) {
    const bytes = Buffer.from(texts[row]!)
    table.add(bytes, 0, bytes.length, row)
  }
  return table
}

function rowsIn(bits: Uint32Array, count: number): number[] {
  return Array.from({ length: count }, (_, row) => row).filter((row) => (bits[row >> 5]! & (1 << (row & 31))) !== 0)
}

function filterOf(singles: readonly Uint32Array[]) {
  const building = buildFilter(singles)
  for (;;) {
    const step = building.next()
    if (step.done === true) return step.value
  }
}

describe('postings', () => {
  it('come back, few, many and all', () => {
    const rows = fc.uniqueArray(fc.nat({ max: 999 }), { maxLength: 1_000 }).map((each) => each.sort((a, b) => a - b))
    fc.assert(
      fc.property(rows, fc.constantFrom(1_000, 1_001, 8_192), (each, count) => {
        const bits = new Uint32Array((count + 31) >> 5)
        decodePostings(encodePostings(Uint16Array.from(each), count), each.length, count, bits)
        expect(rowsIn(bits, count)).toEqual(each)
      }),
      { numRuns: 200 },
    )
  })

  it('of all rows take no bytes', () => {
    expect(
      encodePostings(
        Uint16Array.from({ length: 100 }, (_, row) => row),
        100,
      ),
    ).toHaveLength(0)
  })
})

describe('the tokens of a block', () => {
  it('are found with all of their rows, in whatever order they came', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 40 }), fc.boolean(), (texts, isReversed) => {
        const order = isReversed ? [...texts.keys()].toReversed() : [...texts.keys()]
        const block = tableOf(texts, order).toBlock(texts.length)
        const expected = plainRows(texts)
        const singles = new Set(block.singles)
        for (const [token, rows] of expected) {
          const index = namesOf(block).indexOf(token)
          if (index < 0) {
            expect(rows).toHaveLength(1)
            expect(singles).toContain(tokenHash(token))
            continue
          }
          const bits = new Uint32Array((texts.length + 31) >> 5)
          decodePostings(
            block.postings.subarray(block.offsets[index], block.offsets[index + 1]),
            block.counts[index]!,
            texts.length,
            bits,
          )
          expect(rowsIn(bits, texts.length)).toEqual(rows)
        }
        expect(namesOf(block).length + block.singles.length).toBe(expected.size)
      }),
      { numRuns: 200 },
    )
  })

  it('may be a hundred thousand', () => {
    const texts = Array.from({ length: 1_000 }, (_, row) =>
      Array.from({ length: 100 }, (__, index) => `token${row}x${index}`).join(' '),
    )
    expect(tableOf(texts).toBlock(1_000).singles).toHaveLength(100_000)
  })
})

describe('the dictionary and the filter of a segment', () => {
  const texts = Array.from({ length: 600 }, (_, row) => `common id${row} pair${row >> 1} ${'long'.repeat(row % 40)}`)
  const blocks = [0, 1, 2].map((block) => tableOf(texts.slice(block * 200, (block + 1) * 200)).toBlock(200))

  it('name every token that stands twice in a block, in order', () => {
    const found: string[] = []
    for (const page of buildDictionary(blocks)) {
      if (page === undefined) continue
      const { firstToken, bytes } = page

      const before = found.length
      readPage(bytes, (token, postings) => {
        found.push(token)
        for (const { block, count } of postings())
          expect(blocks[block]!.counts[namesOf(blocks[block]!).indexOf(token)]).toBe(count)
        return true
      })
      expect(found[before]).toBe(firstToken)
    }
    expect(found).toEqual([...new Set(blocks.flatMap(namesOf))].sort())
  })

  it('never deny a token that stands once, and rarely claim one that does not', () => {
    const { bytes, lines } = filterOf(blocks.map(({ singles }) => singles))
    const holds = (token: string, block: number): boolean => {
      const hash = tokenHash(token)
      return isInFilter(bytes, (filterLine(hash, lines) * blocks.length + block) * filterLineBytes, filterBits(hash))
    }
    for (let row = 0; row < 600; row++) expect(holds(`id${row}`, Math.floor(row / 200))).toBe(true)
    const wrong = Array.from({ length: 3_000 }, (_, index) => holds(`absent${index}`, index % 3)).filter(Boolean).length
    expect(wrong).toBeLessThan(90)
  })

  it('of nothing is nothing', () => {
    expect([...buildDictionary([])]).toEqual([])
    expect(filterOf([new Uint32Array(0)])).toEqual({ bytes: new Uint8Array(0), lines: 0 })
  })
})
