import type { RandomStream } from '../random-stream.ts'
import type { TourNodes } from './tour-nodes.ts'
import { Tour } from './tour.ts'

/** Of each node so many nearest ones are looked at. */
const mostNear = 10
/** Nodes in a part that is moved, at most, and in each of the parts that a kick exchanges. */
const longestPart = 3
const longestKick = 50
/** Of the mean edge: the temperature at the begin and at the end. */
const [hot, cold] = [0.12, 0.01]

/**
 * Searches the shortest tour: iterated local search with 2-opt and Or-opt moves over lists of near nodes, kicked by exchanging two
 * neighbouring parts (a double bridge in a small place), as in Johnson and McGeoch, "The Traveling Salesman Problem: A Case Study in
 * Local Optimization" (1997), section 3; whether a kick stays is decided as in annealing.
 */
export class TourSearch {
  best: Int32Array
  length: number
  improvements = 0
  readonly #count: number
  readonly #distances: Float64Array | Float32Array
  readonly #random: RandomStream
  readonly #tour: Tour
  readonly #near: Int32Array
  readonly #width: number
  readonly #queue: Int32Array
  readonly #isQueued: Uint8Array
  readonly #edge: number
  #first = 0
  #queued = 0
  #current: number

  /** @param order A tour to begin with. */
  constructor({ count, distances }: TourNodes, order: Int32Array, random: RandomStream) {
    this.#count = count
    this.#distances = distances
    this.#random = random
    this.#tour = new Tour(order.slice())
    this.#width = Math.min(mostNear, count - 1)
    this.#near = nearest(count, distances, this.#width)
    this.#queue = new Int32Array(count)
    this.#isQueued = new Uint8Array(count)
    this.#edge = Math.max(1e-12, meanEdge(count, distances, order))
    for (let at = 0; at < count; at++) this.#push(order[at]!)
    this.#current = tourLength(count, distances, order) - this.#settle()
    this.#tour.keep()
    this.best = this.#tour.order.slice()
    this.length = this.#current
    this.#edge = Math.max(1e-12, meanEdge(count, distances, this.best))
  }

  /** Some kicks at the temperature of this share of the whole search. */
  run(kicks: number, share: number): void {
    const temperature = this.#edge * hot * (cold / hot) ** Math.min(1, share)
    for (let kick = 0; kick < kicks; kick++) {
      const least = temperature * Math.log(1 - this.#random.fraction())
      const gain = this.#kick() + this.#settle()
      if (gain < least) {
        this.#tour.undo()
        continue
      }
      this.#tour.keep()
      this.#current -= gain
      if (this.#current < this.length - 1e-9 * this.#edge) {
        this.length = this.#current
        this.best.set(this.#tour.order)
        this.improvements++
      }
    }
  }

  /** Exchanges two neighbouring parts; what is gained (a loss, mostly). */
  #kick(): number {
    const count = this.#count
    const random = this.#random
    const { order } = this.#tour
    const longest = Math.min(longestKick, (count - 2) >> 1)
    const at = random.below(count)
    const firstLength = 1 + random.below(longest)
    const secondLength = 1 + random.below(longest)
    const nodeAt = (position: number): number => order[position % count]!
    const before = nodeAt(at)
    const firstBegin = nodeAt(at + 1)
    const firstEnd = nodeAt(at + firstLength)
    const secondBegin = nodeAt(at + firstLength + 1)
    const secondEnd = nodeAt(at + firstLength + secondLength)
    const after = nodeAt(at + firstLength + secondLength + 1)
    const gain =
      this.#distance(before, firstBegin) +
      this.#distance(firstEnd, secondBegin) +
      this.#distance(secondEnd, after) -
      this.#distance(before, secondBegin) -
      this.#distance(secondEnd, firstBegin) -
      this.#distance(firstEnd, after)
    this.#tour.exchange(before, firstBegin, secondEnd, after)
    this.#tour.exchange(before, secondEnd, secondBegin, firstEnd)
    this.#tour.exchange(secondEnd, firstEnd, firstBegin, after)
    for (const node of [before, firstBegin, firstEnd, secondBegin, secondEnd, after]) this.#push(node)
    return gain
  }

  /** Improves around all nodes in the queue until nothing helps; what is gained. */
  #settle(): number {
    let gain = 0
    while (this.#queued > 0) {
      const node = this.#queue[this.#first]!
      if (++this.#first === this.#count) this.#first = 0
      this.#queued--
      this.#isQueued[node] = 0
      for (;;) {
        const gained = this.#improve(node, true) || this.#improve(node, false)
        if (gained === 0) break
        gain += gained
      }
    }
    return gain
  }

  /** The first move found that gains by giving up the edge from a node to the one after (or before) it, done; what it gains. */
  #improve(node: number, isForward: boolean): number {
    const tour = this.#tour
    const distances = this.#distances
    const near = this.#near
    const count = this.#count
    const width = this.#width
    const row = node * count
    const besides = isForward ? tour.next(node) : tour.previous(node)
    const given = distances[row + besides]!
    const least = 1e-7 * this.#edge
    for (let rank = 0; rank < width; rank++) {
      const other = near[node * width + rank]!
      const gain = given - distances[row + other]!
      if (gain <= least) return 0
      const ahead = isForward ? tour.next(other) : tour.previous(other)
      const gained = gain + distances[other * count + ahead]! - distances[besides * count + ahead]!
      if (gained > least) {
        tour.exchange(node, besides, other, ahead)
        this.#push(node)
        this.#push(besides)
        this.#push(other)
        this.#push(ahead)
        return gained
      }
      const moved = this.#movePart(node, besides, other, gain, isForward)
      if (moved > 0) return moved
    }
    return 0
  }

  /** Moves the part that ends in a node, at the edge given up, to where another node is beside it; what it gains, or 0. */
  #movePart(node: number, besides: number, other: number, gain: number, isForward: boolean): number {
    const tour = this.#tour
    const distances = this.#distances
    const count = this.#count
    const least = 1e-7 * this.#edge
    let tail = node
    for (let length = 1; length <= longestPart; length++) {
      const beyond = isForward ? tour.previous(tail) : tour.next(tail)
      if (tail === other || beyond === besides) return 0
      const removed = gain + distances[tail * count + beyond]! - distances[beyond * count + besides]!
      for (let side = 0; side < 2; side++) {
        const end = side === 0 ? tour.next(other) : tour.previous(other)
        // Beside the part there is no edge to go into.
        if ((other === beyond && end === tail) || (other === besides && end === node)) continue
        const gained = removed + distances[other * count + end]! - distances[tail * count + end]!
        if (gained <= least) continue
        this.#move({ node, besides, tail, beyond, other, end, isForward })
        return gained
      }
      tail = beyond
    }
    return 0
  }

  #move(move: {
    readonly node: number
    readonly besides: number
    readonly tail: number
    readonly beyond: number
    readonly other: number
    readonly end: number
    readonly isForward: boolean
  }): void {
    const { node, besides, tail, beyond, other, end, isForward } = move
    const tour = this.#tour
    // In the order of the tour: before, the part from first to last, after; and the edge from–to that it goes into.
    const [before, first, last, after] = isForward ? [beyond, tail, node, besides] : [besides, node, tail, beyond]
    const isAfter = tour.next(other) === end
    const [from, to] = isAfter ? [other, end] : [end, other]
    const beginsWith = isAfter ? node : tail
    tour.exchange(before, first, from, to)
    if (from !== after) tour.exchange(before, from, after, last)
    // Now the last one of the part comes after `from`.
    if (beginsWith === first && first !== last) tour.exchange(from, last, first, to)
    this.#push(node)
    this.#push(besides)
    this.#push(tail)
    this.#push(beyond)
    this.#push(other)
    this.#push(end)
  }

  #push(node: number): void {
    if (this.#isQueued[node] === 1) return
    this.#isQueued[node] = 1
    let at = this.#first + this.#queued++
    if (at >= this.#count) at -= this.#count
    this.#queue[at] = node
  }

  #distance(from: number, to: number): number {
    return this.#distances[from * this.#count + to]!
  }
}

function nearest(count: number, distances: Float64Array | Float32Array, width: number): Int32Array {
  const list = new Int32Array(count * width)
  const others = Array.from({ length: count }, (_, node) => node)
  const kept = new Float64Array(width)
  for (let node = 0; node < count; node++) {
    // Insertion into a short sorted list: the list of all is long, and most are far away.
    let size = 0
    for (const other of others) {
      if (other === node) continue
      const distance = distances[node * count + other]!
      if (size === width && distance >= kept[size - 1]!) continue
      let at = size < width ? size++ : size - 1
      while (at > 0 && kept[at - 1]! > distance) {
        kept[at] = kept[at - 1]!
        list[node * width + at] = list[node * width + at - 1]!
        at--
      }
      kept[at] = distance
      list[node * width + at] = other
    }
  }
  return list
}

function tourLength(count: number, distances: Float64Array | Float32Array, order: Int32Array): number {
  let sum = 0
  for (let at = 0; at < count; at++) sum += distances[order[at]! * count + order[at + 1 === count ? 0 : at + 1]!]!
  return sum
}

/** Of the edges that are not made up. */
function meanEdge(count: number, distances: Float64Array | Float32Array, order: Int32Array): number {
  let [sum, edges] = [0, 0]
  for (let at = 0; at < count; at++) {
    const distance = distances[order[at]! * count + order[at + 1 === count ? 0 : at + 1]!]!
    if (distance < 0) continue
    sum += distance
    edges++
  }
  return sum / Math.max(1, edges)
}
