import { Growing } from '../growing.ts'
import type { Fields } from './fields.ts'
import { addCoordinates, addSums } from './varints.ts'

/** How a block writes coordinates (osmformat.proto, `PrimitiveBlock`), in nanodegrees. */
export interface CoordinateUnits {
  readonly granularity: number
  readonly offset: number
}

/** What files are written with: the units are those that are wanted. */
export const usualGranularity = 100

/**
 * Longitudes or latitudes of a block, in units of 1e-7 degrees. Those of usual files are put where they stay as they are read,
 * which makes reading a whole file a twentieth faster.
 */
export class Coordinates {
  readonly #most: number
  readonly #plain = new Growing(new Int32Array(256))
  readonly #wide = new Growing(new Float64Array(256))
  #units: CoordinateUnits = { granularity: usualGranularity, offset: 0 }
  #isPlain = true

  /** @param most the largest coordinate on the globe */
  constructor(most: number) {
    this.#most = most
  }

  get length(): number {
    return this.#isPlain ? this.#plain.length : this.#wide.length
  }

  /** Before the first of a block. */
  begin(units: CoordinateUnits): void {
    this.#units = units
    this.#isPlain = units.granularity === usualGranularity && units.offset === 0
    this.#plain.length = 0
    this.#wide.length = 0
  }

  /** Adds a list of differences; the first is one to the last coordinate, if there is one since `start`. */
  append(item: Fields, start: number): void {
    item.checkVarints()
    const list = this.#isPlain ? this.#plain : this.#wide
    list.reserve(item.end - item.from)
    const length = this.#isPlain
      ? addCoordinates(item.bytes, item.from, item.end, this.#plain.array, start, this.#plain.length, this.#most)
      : addSums(item.bytes, item.from, item.end, this.#wide.array, start, this.#wide.length)
    if (length < 0) throw item.invalid('a coordinate beyond the globe', item.from)
    list.length = length
  }

  /** The coordinates of the block. @throws `GEO_OSM_INVALID` */
  take(fields: Fields): Int32Array {
    return this.#isPlain ? this.#plain.take() : this.#rounded(fields)
  }

  #rounded(fields: Fields): Int32Array {
    const { granularity, offset } = this.#units
    const { array, length } = this.#wide
    const degrees = new Int32Array(length)
    for (let index = 0; index < length; index++) {
      const value = Math.round((array[index]! * granularity + offset) / 100)
      if (!(value <= this.#most && value >= -this.#most))
        throw fields.invalid(`node ${index} of the block lies beyond the globe`, 0)
      degrees[index] = value
    }
    this.#wide.length = 0
    return degrees
  }
}
