import { describe, expect, it } from 'vitest'
import { randomBelow } from '../../random/draw.ts'
import { SeededRandom } from './seeded-random.ts'
import { seedState } from './seed-state.ts'

const mask = 0xffff_ffffn
const rotate = (value: bigint, bits: bigint): bigint => ((value << bits) | (value >> (32n - bits))) & mask

/** The generator once more, in arithmetic without overflow. */
function* reference(seed: number | string): Generator<number> {
  const state = [...seedState(seed)].map(BigInt) as [bigint, bigint, bigint, bigint]
  for (;;) {
    yield Number((rotate((state[1] * 5n) & mask, 7n) * 9n) & mask)
    const shifted = (state[1] << 9n) & mask
    state[2] ^= state[0]
    state[3] ^= state[1]
    state[1] ^= state[2]
    state[0] ^= state[3]
    state[2] ^= shifted
    state[3] = rotate(state[3], 11n)
  }
}

const draw = (random: SeededRandom, count = 50): number[] => Array.from({ length: count }, () => random.uint32())

describe('SeededRandom', () => {
  it.each([0, 1, 42, -7, 2 ** 53, 'a name', ''])('follows the definition of xoshiro128** from seed %j', (seed) => {
    const expected = reference(seed)
    expect(draw(new SeededRandom(seed), 1_000)).toEqual(Array.from({ length: 1_000 }, () => expected.next().value))
  })

  it('never changes: these numbers are part of every recorded seed', () => {
    expect(draw(new SeededRandom(1), 4)).toMatchInlineSnapshot(`
      [
        1778802063,
        1185363056,
        2279003820,
        1346779025,
      ]
    `)
    expect(draw(new SeededRandom('crash'), 4)).toMatchInlineSnapshot(`
      [
        681666988,
        2319238326,
        885416552,
        211429434,
      ]
    `)
    expect(Buffer.from(new SeededRandom(1).bytes(6)).toString('hex')).toMatchInlineSnapshot(`"8f5d066a7034"`)
  })

  it('gives other numbers for other seeds, and the same for a number and its digits', () => {
    const firsts = new Set(Array.from({ length: 10_000 }, (_, seed) => new SeededRandom(seed).uint32()))
    expect(firsts.size).toBeGreaterThan(9_990)
    expect(draw(new SeededRandom(7))).toEqual(draw(new SeededRandom('7')))
  })

  it('is even', () => {
    const random = new SeededRandom(3)
    const counts = new Array<number>(16).fill(0)
    for (let round = 0; round < 160_000; round++) counts[randomBelow(random, 16)]!++
    // Chi-squared with 15 degrees of freedom: more than 37.7 has a chance of one in a thousand.
    expect(counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(37.7)
  })

  it('gives as many bytes as asked, with nothing left over for the next call', () => {
    const random = new SeededRandom(9)
    for (const length of [0, 1, 3, 4, 5, 1_000]) expect(random.bytes(length)).toHaveLength(length)
    expect(new Set(new SeededRandom(9).bytes(5_000)).size).toBe(256)
  })

  it('forks streams that depend on the name alone', () => {
    const early = new SeededRandom(5).fork('disk')
    const parent = new SeededRandom(5)
    draw(parent)
    expect(draw(parent.fork('disk'))).toEqual(draw(early))
    expect(draw(parent.fork('network'))).not.toEqual(draw(new SeededRandom(5).fork('disk')))
    expect(parent.fork('a').fork('b').seed).toBe('5/a/b')
  })
})
