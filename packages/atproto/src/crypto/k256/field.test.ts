import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { invert, power } from '../../../test/crypto/reference-k256.ts'
import { beta, lambda, splitScalar, timesLambda } from './endomorphism.ts'
import { inverse, modulo, order, prime } from './field.ts'
import { instantiateWasm } from '@exprsn/core/bytes'
import { k256Wasm } from './k256.wasm.ts'
import { digitBits, writeSignedDigits } from './signed-digits.ts'

/** Numbers at the ends of everything, and in between. */
const edges = [
  ...[0n, 1n, 2n, 3n, 2n ** 26n - 1n, 2n ** 32n + 977n, 2n ** 64n, 2n ** 127n, 2n ** 128n - 1n, 2n ** 128n, 2n ** 255n],
  ...[order / 2n, order / 2n + 1n, order - 1n, order - 2n, lambda, lambda + 1n, order - lambda, prime - 1n, prime - 2n],
]
const scalars = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }))

describe('numbers', () => {
  it('have inverses, as Fermat finds them', () => {
    fc.assert(
      fc.property(scalars, fc.constantFrom(prime, order), (value, modulus) => {
        fc.pre(value % modulus !== 0n)
        expect(inverse(value, modulus)).toBe(invert(value, modulus))
      }),
      { numRuns: 300 },
    )
  })

  it('have inverses when their quotients are all one, or huge', () => {
    let [small, large] = [1n, 1n]
    while (large < prime) {
      ;[small, large] = [large, small + large]
      expect(modulo(inverse(small, prime) * small, prime)).toBe(1n)
    }
    for (let shift = 1n; shift < 256n; shift++)
      for (const value of [prime / 2n ** shift, 2n ** shift, 2n ** shift - 1n, prime - 2n ** shift])
        expect(modulo(inverse(value, prime) * value, prime), String(value)).toBe(1n)
  })

  it('are split into halves that come together again', () => {
    expect([power(lambda, 3n, order), power(beta, 3n, prime)]).toEqual([1n, 1n])
    expect([lambda, beta]).not.toContain(1n)
    expect(timesLambda(2n)).toBe((2n * beta) % prime)
    fc.assert(
      fc.property(scalars, (value) => {
        const [first, second] = splitScalar(value % order)
        expect(modulo(first + second * lambda, order)).toBe(value % order)
        for (const half of [first, second]) expect(half > -(2n ** 129n) && half < 2n ** 129n).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

it('digits are odd, small, far apart, and the number', () => {
  const halves = fc.oneof(
    fc.constantFrom(0n, 1n, -1n, 2n ** 129n - 1n, 1n - 2n ** 129n, 2n ** 128n, (2n ** 130n - 1n) / 3n, 15n, 16n, 255n),
    fc.bigInt({ min: -(2n ** 129n), max: 2n ** 129n }),
  )
  fc.assert(
    fc.property(halves, fc.constantFrom(5, 8), fc.nat(3), (half, width, offset) => {
      const target = new Int8Array(digitBits * 4)
      writeSignedDigits(half, width, target, offset)
      let [sum, last] = [0n, -width]
      for (const [index, digit] of target.entries()) {
        if (digit === 0) continue
        expect(index % 4).toBe(offset)
        const bit = (index - offset) / 4
        expect([Math.abs(digit) % 2, Math.abs(digit) < 2 ** (width - 1), bit - last >= width]).toEqual([1, true, true])
        sum += BigInt(digit) << BigInt(bit)
        last = bit
      }
      expect(sum).toBe(half)
    }),
    { numRuns: 500 },
  )
})

describe('the kernel’s field', () => {
  interface Exports {
    readonly memory: { readonly buffer: ArrayBuffer }
    multiply(to: number, a: number, b: number): void
    square(to: number, a: number): void
    normalize(a: number): number
  }
  const kernel = instantiateWasm<Exports>(k256Wasm)!
  const memory = new BigUint64Array(kernel.memory.buffer)
  const write = (at: number, limbs: readonly bigint[]) => memory.set(limbs, at / 8)
  const read = (at: number) => [...memory.subarray(at / 8, at / 8 + 10)]
  const valueOf = (limbs: readonly bigint[]) =>
    limbs.reduce((sum, limb, index) => sum + (limb << BigInt(26 * index)), 0n)
  /** The largest limb of a magnitude: 1.04 × 2²⁶ for each. */
  const largest = (magnitude: bigint, limb: number) =>
    limb === 9 ? magnitude * (2n ** 22n - 1n) : (magnitude * 2n ** 26n * 104n) / 100n
  const elements = (magnitude: bigint) =>
    fc.oneof(
      fc.constant(Array.from({ length: 10 }, (_, limb) => largest(magnitude, limb))),
      fc.tuple(
        ...Array.from({ length: 10 }, (_, limb) =>
          fc.oneof(
            fc.constantFrom(0n, largest(magnitude, limb)),
            fc.bigInt({ min: 0n, max: largest(magnitude, limb) }),
          ),
        ),
      ),
    )
  const isOfMagnitudeOne = (limbs: readonly bigint[]) =>
    limbs.every((limb, index) => limb <= (index === 9 ? 2n ** 22n : largest(1n, index)))

  it('multiplies and squares, whatever the limbs up to the magnitudes it promises', () => {
    const pairs = fc.constantFrom([1n, 1n], [10n, 10n], [13n, 8n], [3n, 15n], [12n, 12n], [1n, 150n] as const)
    fc.assert(
      fc.property(
        pairs.chain(([left, right]) => fc.tuple(elements(left!), elements(right!))),
        ([left, right]) => {
          write(0, left)
          write(80, right)
          kernel.multiply(160, 0, 80)
          expect(valueOf(read(160)) % prime).toBe((valueOf(left) * valueOf(right)) % prime)
          expect(isOfMagnitudeOne(read(160))).toBe(true)
        },
      ),
      { numRuns: 2000 },
    )
    fc.assert(
      fc.property(elements(12n), (limbs) => {
        write(0, limbs)
        kernel.square(0, 0)
        expect(valueOf(read(0)) % prime).toBe(valueOf(limbs) ** 2n % prime)
        expect(isOfMagnitudeOne(read(0))).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('knows zero in each of its forms, and nothing else as zero', () => {
    const multiples = Array.from({ length: 13 }, (_, times) => ({
      limbs: [0x3fffc2fn, 0x3ffffbfn, ...Array<bigint>(7).fill(0x3ffffffn), 0x3fffffn].map(
        (limb) => limb * BigInt(times),
      ),
    }))
    for (const { limbs } of multiples) {
      for (const [difference, isZero] of [
        [0n, 1],
        [1n, 0],
      ] as const) {
        write(0, limbs.with(0, limbs[0]! + difference))
        expect(kernel.normalize(0)).toBe(isZero)
        expect(valueOf(read(0)) % prime).toBe(difference)
      }
    }
    fc.assert(
      fc.property(elements(13n), (limbs) => {
        write(0, limbs)
        expect(kernel.normalize(0)).toBe(Number(valueOf(limbs) % prime === 0n))
        expect(valueOf(read(0)) % prime).toBe(valueOf(limbs) % prime)
        expect(isOfMagnitudeOne(read(0).with(9, 0n))).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })
})
