import type { CoreLabels, Hierarchy, HubLabels } from './hierarchy.ts'
import { downwards, upwards } from './side.ts'
import { unreached } from './witness-search.ts'

/** Of labels; in a city they reach down to the most important node of eighty. */
const bytesPerNode = 4
const bytesPerHub = Uint16Array.BYTES_PER_ELEMENT + Int32Array.BYTES_PER_ELEMENT
/** Hubs are places below it. */
const mostPlaces = 2 ** 16

type Way = typeof upwards | typeof downwards

/** Labels of the most important places, as many as four bytes per node of the graph hold. */
export function coreLabels(hierarchy: Hierarchy): CoreLabels {
  const isSymmetric = leadsBothWays(hierarchy)
  const room = Math.floor((hierarchy.nodes * bytesPerNode) / bytesPerHub / (isSymmetric ? 1 : 2))
  const up = new LabelList(hierarchy, room, upwards)
  const down = isSymmetric ? up : new LabelList(hierarchy, room, downwards)
  const most = Math.min(hierarchy.nodes, mostPlaces)
  let places = 0
  while (places < most && up.add(places, down) && (isSymmetric || down.add(places, up))) places++
  const labels = up.labels(places)
  return { places, up: labels, down: isSymmetric ? labels : down.labels(places) }
}

function leadsBothWays({ edges }: Hierarchy): boolean {
  const bothWays = upwards | downwards
  for (let at = 1; at < edges.length; at += 2) if ((edges[at]! & bothWays) !== bothWays) return false
  return true
}

/** Labels of one way while they are made, from the most important place on. */
class LabelList {
  readonly #hierarchy: Hierarchy
  readonly #way: Way
  readonly #hubs: Uint16Array
  readonly #lengths: Int32Array
  readonly #first: number[] = [0]
  /** Lengths of the place whose label is made, to the places that `#reached` lists. */
  readonly #near: Int32Array
  readonly #reached: number[] = []

  constructor(hierarchy: Hierarchy, room: number, way: Way) {
    this.#hierarchy = hierarchy
    this.#way = way
    this.#hubs = new Uint16Array(room)
    this.#lengths = new Int32Array(room)
    this.#near = new Int32Array(Math.min(hierarchy.nodes, mostPlaces)).fill(unreached)
  }

  /**
   * Adds the label of the next place: the hubs of its more important neighbours, without those to which a way over a still more
   * important one is no longer.
   *
   * @param back The labels of the other way.
   * @returns whether there was room for it
   */
  add(place: number, back: LabelList): boolean {
    this.#reachHubs(place)
    let end = this.#first[place]!
    for (const hub of this.#reached) {
      if (hub !== place && this.#isCovered(hub, back)) continue
      if (end < this.#hubs.length) {
        this.#hubs[end] = hub
        this.#lengths[end] = this.#near[hub]!
      }
      end++
    }
    for (const hub of this.#reached) this.#near[hub] = unreached
    this.#reached.length = 0
    if (end > this.#hubs.length) return false
    this.#first.push(end)
    return true
  }

  /** Those of the first places. */
  labels(places: number): HubLabels {
    const first = Int32Array.from(this.#first.slice(0, places + 1))
    const end = first[places]!
    return { first, hubs: this.#hubs.slice(0, end), lengths: this.#lengths.slice(0, end) }
  }

  /** Every place is its own hub, and the first of its label. */
  #reachHubs(place: number): void {
    const { first, edges } = this.#hierarchy
    this.#reach(place, 0)
    for (let edge = first[place]!; edge < first[place + 1]!; edge++) {
      const weight = edges[edge * 2 + 1]!
      if ((weight & this.#way) === 0) continue
      const neighbour = edges[edge * 2]!
      for (let at = this.#first[neighbour]!; at < this.#first[neighbour + 1]!; at++)
        this.#reach(this.#hubs[at]!, this.#lengths[at]! + (weight >> 2))
    }
  }

  #reach(hub: number, length: number): void {
    if (length >= this.#near[hub]!) return
    if (this.#near[hub] === unreached) this.#reached.push(hub)
    this.#near[hub] = length
  }

  /** Whether a hub is reached as near over a more important one: every way that it is for is found there as well. */
  #isCovered(hub: number, back: LabelList): boolean {
    const length = this.#near[hub]!
    for (let at = back.#first[hub]! + 1; at < back.#first[hub + 1]!; at++)
      if (this.#near[back.#hubs[at]!]! <= length - back.#lengths[at]!) return true
    return false
  }
}
