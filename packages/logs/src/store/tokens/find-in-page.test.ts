import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findInPage } from './find-in-page.ts'
import { buildDictionary, readPage } from './token-dictionary.ts'
import { TokenTable } from './token-table.ts'

/** Pages of the tokens of texts, a block each. */
function pagesOf(...blocks: readonly (readonly string[])[]): Uint8Array[] {
  const tables = blocks.map((texts) => {
    const table = new TokenTable()
    for (const [row, text] of texts.entries()) {
      const bytes = Buffer.from(text)
      table.add(bytes, 0, bytes.length, row)
    }
    return table.toBlock(texts.length)
  })
  return [...buildDictionary(tables)].flatMap((page) => (page === undefined ? [] : [page.bytes]))
}

const texts = Array.from({ length: 600 }, (_, row) => `common id${row} pair${row >> 1} ${'long'.repeat(row % 40)}`)
const pages = pagesOf(texts.slice(0, 200), texts.slice(200, 400), texts.slice(400))

describe('a search in a page', () => {
  it('finds each token where reading the page finds it, and none that is not there', () => {
    const found = new Map<string, unknown>()
    for (const page of pages)
      readPage(page, (token, postings) => {
        found.set(token, postings())
        return true
      })
    const absent = [...found.keys()].flatMap((token) => [token.slice(0, -1), `${token}0`, `${token}z`, `z${token}`])
    for (const token of [...found.keys(), ...absent, ''])
      for (const page of pages) {
        const expected: unknown[] = []
        readPage(page, (each, postings) => {
          if (each === token) expected.push(...postings())
          return true
        })
        expect(findInPage(page, token)).toEqual(expected)
      }
  })

  it('finds any tokens as reading the page does', () => {
    // Letters that repeat: tokens that begin alike, and that are the beginning of others.
    const tokens = fc.uniqueArray(
      fc.string({ unit: fc.constantFrom('0', 'a', 'b', '_'), minLength: 1, maxLength: 6 }),
      {
        minLength: 1,
        maxLength: 60,
      },
    )
    fc.assert(
      fc.property(tokens, tokens, (kept, asked) => {
        const [page] = pagesOf(kept.flatMap((token) => [token, token]))
        for (const token of [...kept, ...asked]) {
          const rows = findInPage(page!, token)
          expect(rows.map(({ block, count }) => [block, count])).toEqual(kept.includes(token) ? [[0, 2]] : [])
        }
      }),
      { numRuns: 200 },
    )
  })

  it('refuses bytes that are no page', () => {
    const [page] = pages
    for (let length = 1; length < 200; length++) {
      const cut = page!.subarray(0, length)
      let isRefused = false
      try {
        readPage(cut, () => true)
      } catch {
        isRefused = true
      }
      const find = (): unknown => findInPage(cut, '~')
      if (isRefused) expect(find).toThrow(RangeError)
      else expect(find()).toEqual([])
    }
    expect(() => findInPage(Buffer.alloc(9, 0xff), 'a')).toThrow(RangeError)
  })
})
