import { metresBetween } from '../../coordinates/index.ts'
import type { NodePlaces, RoutableWay } from './collect.ts'

/** The nodes that ways pass, by their place in the order of ids. */
export class UsedNodes {
  readonly #ids: Float64Array
  /** In units of 1e-7 degrees; -1 where {@link isMissing}. */
  readonly longitudes: Int32Array
  readonly latitudes: Int32Array
  readonly #present: Uint8Array

  constructor(ways: readonly RoutableWay[], nodes: readonly NodePlaces[]) {
    this.#ids = idsOf(ways)
    this.longitudes = new Int32Array(this.#ids.length)
    this.latitudes = new Int32Array(this.#ids.length)
    this.#present = new Uint8Array(this.#ids.length)
    for (const { ids, longitudes, latitudes } of nodes)
      for (let index = 0; index < ids.length; index++) {
        const place = this.#find(ids[index]!)
        if (place < 0) continue
        this.longitudes[place] = longitudes[index]!
        this.latitudes[place] = latitudes[index]!
        this.#present[place] = 1
      }
  }

  get count(): number {
    return this.#ids.length
  }

  /** How many nodes the data lacks. */
  get missing(): number {
    return this.#present.reduce((missing, present) => missing + 1 - present, 0)
  }

  /** The place of a node, -1 for one that no way passes or the data lacks. */
  placeOf(id: number): number {
    const place = this.#find(id)
    return place >= 0 && this.#present[place] === 1 ? place : -1
  }

  metresBetween(a: number, b: number): number {
    const { longitudes, latitudes } = this
    return metresBetween(longitudes[a]! / 1e7, latitudes[a]! / 1e7, longitudes[b]! / 1e7, latitudes[b]! / 1e7)
  }

  #find(id: number): number {
    const ids = this.#ids
    let low = 0
    let high = ids.length - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      if (ids[middle]! < id) low = middle + 1
      else if (ids[middle]! > id) high = middle - 1
      else return middle
    }
    return -1
  }
}

/** All ids once, in order. */
function idsOf(ways: readonly RoutableWay[]): Float64Array {
  const all = new Float64Array(ways.reduce((count, { nodes }) => count + nodes.length, 0))
  let to = 0
  for (const { nodes } of ways) {
    all.set(nodes, to)
    to += nodes.length
  }
  all.sort()
  let kept = 0
  for (let index = 0; index < all.length; index++)
    if (index === 0 || all[index] !== all[index - 1]) all[kept++] = all[index]!
  return all.slice(0, kept)
}
