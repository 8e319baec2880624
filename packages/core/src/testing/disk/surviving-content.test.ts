import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SeededRandom } from '../random/seeded-random.ts'
import { FileContent } from './file-content.ts'
import { applyChange, type PendingChange } from './pending-change.ts'
import { sectorSize, survivingContent } from './surviving-content.ts'

const change: fc.Arbitrary<PendingChange> = fc.oneof(
  fc.record({
    kind: fc.constant('write' as const),
    position: fc.nat(2_000),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 1_500 }),
  }),
  fc.record({ kind: fc.constant('truncate' as const), size: fc.nat(2_500) }),
)

/** The file after none of the changes, after the first, and so on. */
function states(durable: Uint8Array, changes: readonly PendingChange[]): Uint8Array[] {
  const content = new FileContent(durable.slice())
  const all = [content.bytes.slice()]
  for (const one of changes) {
    applyChange(content, one)
    all.push(content.bytes.slice())
  }
  return all
}

describe('survivingContent', () => {
  it('leaves a size and bytes that the file once had', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2_000 }),
        fc.array(change, { maxLength: 8 }),
        fc.nat(),
        fc.boolean(),
        (durable, changes, seed, tearSectors) => {
          const versions = states(durable, changes)
          const left = survivingContent(durable, changes, new SeededRandom(seed), { tearSectors })
          expect(versions.map(({ length }) => length)).toContain(left.length)
          left.forEach((byte, at) => {
            if (!versions.some((version) => (version[at] ?? 0) === byte)) throw new Error(`byte ${at} is ${byte}`)
          })
        },
      ),
      { numRuns: 200 },
    )
  })

  it('keeps sectors whole when told to', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 2_000 }),
        fc.array(change, { maxLength: 8 }),
        fc.nat(),
        (durable, changes, seed) => {
          const versions = states(durable, changes)
          const left = survivingContent(durable, changes, new SeededRandom(seed), { tearSectors: false })
          for (let from = 0; from < left.length; from += sectorSize) {
            const sector = left.subarray(from, from + sectorSize)
            const same = (version: Uint8Array): boolean =>
              sector.every((byte, index) => (version[from + index] ?? 0) === byte)
            if (!versions.some(same)) throw new Error(`the sector at ${from} never was`)
          }
        },
      ),
      { numRuns: 200 },
    )
  })

  it('leaves durable bytes alone that nothing was written over', () => {
    const durable = new SeededRandom(1).bytes(5_000)
    const changes = [{ kind: 'write', position: 2_000, bytes: new Uint8Array(1_000).fill(1) }] as const
    for (let seed = 0; seed < 100; seed++) {
      const left = survivingContent(durable, changes, new SeededRandom(seed), { tearSectors: true })
      expect(left.subarray(0, 2_000)).toEqual(durable.subarray(0, 2_000))
      expect(left.subarray(3_000)).toEqual(durable.subarray(3_000))
    }
  })

  it('draws every kind of loss', () => {
    const changes = [0, 1].map((half) => ({
      kind: 'write' as const,
      position: half * 1_024,
      bytes: new Uint8Array(1_024).fill(half + 1),
    }))
    const seen = new Set<string>()
    for (let seed = 0; seed < 400; seed++) {
      const left = survivingContent(new Uint8Array(), changes, new SeededRandom(seed), { tearSectors: true })
      const count = (value: number, from: number): number =>
        left.subarray(from, from + 1_024).filter((b) => b === value).length
      const [first, second] = [count(1, 0), count(2, 1_024)]
      if (left.length === 0) seen.add('empty')
      if (left.length === 1_024) seen.add('short')
      if (first === 1_024 && second === 1_024) seen.add('whole')
      if (first < 1_024 && second === 1_024) seen.add('reordered')
      if (left.length === 2_048 && second === 0) seen.add('zeros')
      if (first % 512 !== 0) seen.add('torn inside a sector')
      if (first === 512) seen.add('torn between sectors')
    }
    expect([...seen].sort()).toEqual(
      ['empty', 'reordered', 'short', 'torn between sectors', 'torn inside a sector', 'whole', 'zeros'].sort(),
    )
  })
})
