import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { BlockTokens } from './block-tokens.ts'
import { SegmentTokens } from './segment-tokens.ts'
import { sortTokens } from './sort-tokens.ts'

function blockOf(names: readonly string[]): BlockTokens {
  const none = new Uint8Array(0)
  return {
    rows: 1,
    names: Buffer.from(names.map((name) => `${name}\n`).join('')),
    counts: new Uint16Array(names.length),
    postings: none,
    offsets: new Uint32Array(names.length + 1),
    singles: new Uint32Array(0),
  }
}

function tokensOf(blocks: readonly (readonly string[])[]): SegmentTokens {
  const tokens = new SegmentTokens(blocks.flat().length)
  for (const [number, names] of blocks.entries()) tokens.add(number, blockOf(names))
  return tokens
}

function sortedNames(tokens: SegmentTokens): string[] {
  const sorting = sortTokens(tokens)
  for (;;) {
    const step = sorting.next()
    if (step.done === true)
      return [...step.value].map((token) =>
        Buffer.from(tokens.names.subarray(tokens.startOf(token), tokens.endOf(token))).toString('latin1'),
      )
  }
}

const name = fc.stringMatching(/^[a-c0_]{1,14}$/)

it('tokens of blocks come in order, each once and with its places', () => {
  fc.assert(
    fc.property(fc.array(fc.uniqueArray(name, { maxLength: 30 }), { maxLength: 6 }), (blocks) => {
      const tokens = tokensOf(blocks)
      expect(sortedNames(tokens)).toEqual([...new Set(blocks.flat())].sort())
      for (let token = 0; token < tokens.count; token++) {
        const places: (readonly [number, number])[] = []
        tokens.forEachPlace(token, (block, index) => places.push([block, index]))
        const text = Buffer.from(tokens.names.subarray(tokens.startOf(token), tokens.endOf(token))).toString()
        expect(places).toEqual(
          blocks.flatMap((names, block) => (names.includes(text) ? [[block, names.indexOf(text)]] : [])),
        )
      }
    }),
    { numRuns: 300 },
  )
})

it('tokens that begin alike are sorted, a hundred thousand as well, with pauses', () => {
  const names = Array.from(
    { length: 120_000 },
    (_, index) => `same${'x'.repeat(index % 9)}${(index * 7_919) % 120_000}`,
  )
  const tokens = tokensOf([names])
  expect(sortedNames(tokens)).toEqual(names.toSorted())
  expect([...sortTokens(tokens)].length).toBeGreaterThan(10)
})
