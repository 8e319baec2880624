import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { viewOf } from './byte-view.ts'
import { JoinKernel } from './join-kernel.ts'
import { noneJoined, PartJoiner, type Joined } from './join-part.ts'
import { RowTuples } from './row-tuples.ts'

interface Row {
  readonly name: string
  readonly hash: number
  readonly amount: number
  readonly currency: number
  readonly place: number
}

/** In two lists, as two threads gather them. */
function listsOf(rows: readonly Row[]): RowTuples[] {
  const lists = [new RowTuples(2), new RowTuples(2)]
  rows.forEach(({ name, hash, amount, currency, place }, at) => {
    const view = viewOf(new TextEncoder().encode(name))
    lists[at % 2]!.add(hash, view, 0, view.byteLength, amount, currency, place)
  })
  for (const list of lists) list.finish()
  return lists
}

const ascending = (places: readonly number[]): number[] => places.toSorted((a, b) => a - b)

function shown({ pairs, left, right }: Joined) {
  return { pairs, left: ascending(left), right: ascending(right) }
}

/** What the kernel makes of both parts, and which of them it left to others. */
function joinBoth(left: RowTuples[], right: RowTuples[]) {
  const [found, expected] = [noneJoined(), noneJoined()]
  const [kernel, plain] = [JoinKernel.create(left, right)!, new PartJoiner(left, right)]
  const taken = [0, 1].map((part) => {
    const isTaken = kernel.join(part, found)
    if (!isTaken) plain.join(part, found)
    return isTaken
  })
  const again = new PartJoiner(left, right)
  for (const part of [0, 1]) again.join(part, expected)
  return { taken, found: shown(found), expected: shown(expected) }
}

const rowsOf = (amounts: fc.Arbitrary<number>, currencies: fc.Arbitrary<number>, places: fc.Arbitrary<number>) =>
  fc.array(
    fc
      .record({
        at: fc.nat({ max: 60 }),
        length: fc.integer({ min: 1, max: 255 }),
        // Hashes that collide, within a part and with each other.
        hash: fc.constantFrom(0, 256, 0x5bd1e995, -1, -257),
        ...{ amount: amounts, currency: currencies, place: places },
      })
      .map(({ at, length, ...row }): Row => ({ ...row, name: `${at}`.padEnd(at % 7 === 0 ? length : 13, 'x') })),
    { maxLength: 120 },
  )
const amounts = fc.constantFrom(1, 1, 1, -1, 2_147_483_647, -2_147_483_648)
const places = fc.nat({ max: 4_294_967_295 })

describe('a part of names in WebAssembly', () => {
  it('is joined as the plain way does', () => {
    const sides = rowsOf(amounts, fc.constant(7), places)
    fc.assert(
      fc.property(sides, sides, (left, right) => {
        const { taken, found, expected } = joinBoth(listsOf(left), listsOf(right))
        expect(taken).toEqual([true, true])
        expect(found).toEqual(expected)
      }),
      { numRuns: 500 },
    )
  })

  it('is left to the plain way, without a trace, where currencies, amounts or places are strange', () => {
    const sides = rowsOf(
      fc.oneof({ weight: 20, arbitrary: amounts }, fc.constant(2 ** 40)),
      fc.oneof({ weight: 20, arbitrary: fc.constant(7) }, fc.constant(8)),
      fc.oneof({ weight: 20, arbitrary: places }, fc.constant(2 ** 33)),
    )
    let left = 0
    fc.assert(
      fc.property(sides, sides, (ours, theirs) => {
        const { taken, found, expected } = joinBoth(listsOf(ours), listsOf(theirs))
        expect(found).toEqual(expected)
        left += taken.filter((isTaken) => !isTaken).length
      }),
      { numRuns: 300 },
    )
    expect(left).toBeGreaterThan(10)
  })

  it('does not pair two currencies', () => {
    const row = { name: 'n', hash: 1, amount: 5, place: 9 }
    const { taken, found } = joinBoth(listsOf([{ ...row, currency: 7 }]), listsOf([{ ...row, currency: 8 }]))
    expect(taken).toEqual([true, true])
    expect(found).toEqual({ pairs: new Map(), left: [9], right: [9] })
  })

  it('grows with its tuples, and sums go beyond 32 bits', () => {
    const rows = Array.from({ length: 50_000 }, (_, at) => {
      return { name: `name-${at}`, hash: Math.imul(at, 0x9e3779b1), amount: 2_000_000_000, currency: 7, place: at }
    })
    const { taken, found, expected } = joinBoth(listsOf(rows), listsOf(rows.slice(10).toReversed()))
    expect(taken).toEqual([true, true])
    expect(found).toEqual(expected)
    expect(found.pairs).toEqual(new Map([[7, { count: 49_990, sum: 99_980_000_000_000n }]]))
  })

  it('is left to the plain way where the machine cannot run it', () => {
    expect(JoinKernel.create([], [], 'AAAA')).toBeUndefined()
  })
})
