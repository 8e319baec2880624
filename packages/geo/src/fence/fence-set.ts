import { milliseconds } from '@exprsn/core'
import type { Position } from '../coordinates/position.ts'
import { metresToSegment } from '../coordinates/sphere.ts'
import { fenceErrors } from './errors.ts'
import { featureId } from './feature-id.ts'
import type { FenceFeature } from './feature.ts'
import { buildIndex } from './index/build-index.ts'
import type { OutlineIndex } from './index/outline-index.ts'
import type { Outline } from './index/outline.ts'
import { plainContains } from './index/plain-contains.ts'
import type { FenceRules } from './options.ts'
import { approachZone, outlinesOf } from './shape/outlines-of.ts'
import { readShape, type FencePart } from './shape/read-shape.ts'

/** One fence as the set keeps it. */
export interface Fence {
  readonly id: string
  readonly feature: FenceFeature
  readonly parts: readonly FencePart[]
  /** Milliseconds; Infinity for never. */
  readonly dwell: number
  /** Metres; 0 for none. */
  readonly approach: number
}

/** So many changed fences are compared one by one before the index is built again. */
const mostUnindexed = 32

/**
 * The fences, by number and by id. A place is in the zone `number * 2` when it is inside the fence, in `number * 2 + 1` when
 * its border is near enough for an approach. Numbers are never used again.
 */
export class FenceSet {
  readonly #rules: FenceRules
  readonly #fences: (Fence | undefined)[] = []
  readonly #names: string[] = []
  readonly #dwells: number[] = []
  readonly #numbers = new Map<string, number>()
  #index!: OutlineIndex
  /** The index knows each fence by one outline and no other: what it finds needs no second look. */
  #isPlain = false
  /** Outlines of fences that the index does not know yet. */
  #unindexed: Outline[] = []

  constructor(features: readonly FenceFeature[], rules: FenceRules) {
    this.#rules = rules
    const places = new Map<string, string>()
    features.forEach((feature, index) => {
      const where = `features[${index}]`
      const fence = readFence(feature, where, rules)
      const first = places.get(fence.id)
      if (first !== undefined) throw fenceErrors.GEO_FENCE_DUPLICATE({ id: fence.id, first, second: where })
      places.set(fence.id, where)
      this.#append(fence)
    })
    this.#buildIndex()
  }

  get size(): number {
    return this.#numbers.size
  }

  get indexBytes(): number {
    return this.#index.bytes
  }

  /** The fence of a number, undefined once it is gone. */
  fence(number: number): Fence | undefined {
    return this.#fences[number]
  }

  /** What the fence of a number is or was called. */
  nameOf(number: number): string {
    return this.#names[number]!
  }

  /** After how many milliseconds the fence of a number reports, or reported, dwelling. */
  dwellOf(number: number): number {
    return this.#dwells[number]!
  }

  numberOf(id: string): number | undefined {
    return this.#numbers.get(id)
  }

  *[Symbol.iterator](): IterableIterator<Fence> {
    for (const number of this.#numbers.values()) yield this.#fences[number]!
  }

  /** Adds or replaces a fence and returns its number and that of the one it replaces. */
  put(feature: FenceFeature): { readonly number: number; readonly replaced: number | undefined } {
    const fence = readFence(feature, 'feature', this.#rules)
    const replaced = this.#numbers.get(fence.id)
    if (replaced !== undefined) this.#drop(replaced)
    const number = this.#append(fence)
    this.#isPlain = false
    this.#unindexed.push(...outlinesFor(number, fence))
    this.#indexWhenDue()
    return { number, replaced }
  }

  /** Takes a fence away and returns the number it had. */
  remove(id: string): number | undefined {
    const number = this.#numbers.get(id)
    if (number === undefined) return undefined
    this.#numbers.delete(id)
    this.#drop(number)
    return number
  }

  /** What the fences that contain the place are called. */
  namesAt(position: Position): readonly string[] {
    if (!this.#isPlain) {
      const zones: number[] = []
      this.locate(position, zones)
      return zones.filter((zone) => zone % 2 === 0).map((zone) => this.nameOf(zone >> 1))
    }
    const names = this.#names
    const count = this.#index.locate(position, this.#rules.boundary)
    const { found } = this.#index
    // Most places are in a few fences: a list that is written down costs a third of one that grows.
    if (count === 0) return nowhere
    if (count === 1) return [names[found[0]! >> 1]!]
    if (count === 2) return [names[found[0]! >> 1]!, names[found[1]! >> 1]!]
    const all = [names[found[0]! >> 1]!, names[found[1]! >> 1]!, names[found[2]! >> 1]!]
    for (let at = 3; at < count; at++) all.push(names[found[at]! >> 1]!)
    return all
  }

  /** Replaces `zones` by the zones that the place is in, each once. */
  locate(position: Position, zones: number[]): void {
    clear(zones)
    const { boundary } = this.#rules
    const count = this.#index.locate(position, boundary)
    for (let at = 0; at < count; at++) zones.push(this.#index.found[at]!)
    for (const outline of this.#unindexed)
      if (plainContains(outline, position[0], position[1], boundary)) zones.push(outline.owner)
    if (zones.length > 1 || (zones.length === 1 && this.#fences[zones[0]! >> 1] === undefined)) this.#settle(zones)
  }

  /** Replaces `zones` by the zones that the way touches, each once. */
  along(ax: number, ay: number, bx: number, by: number, zones: number[]): void {
    clear(zones)
    const turn = bx - ax > 180 ? -360 : bx - ax < -180 ? 360 : 0
    this.#alongPlanar(ax, ay, bx + turn, by, zones)
    if (turn !== 0) this.#alongPlanar(ax - turn, ay, bx, by, zones)
    this.#settle(zones)
  }

  #alongPlanar(ax: number, ay: number, bx: number, by: number, zones: number[]): void {
    this.#index.along(ax, ay, bx, by, zones)
    if (this.#unindexed.length > 0) buildIndex(this.#unindexed).along(ax, ay, bx, by, zones)
  }

  /** Whether the border of a fence is nearer than `metres`. */
  borderWithin(number: number, x: number, y: number, metres: number): boolean {
    const parts = this.#fences[number]?.parts ?? []
    return parts.some((part) => partBorderWithin(part, x, y, metres))
  }

  /** Names each zone once and leaves out fences that are gone. */
  #settle(zones: number[]): void {
    let kept = 0
    for (const zone of zones) {
      if (this.#fences[zone >> 1] === undefined) continue
      let known = false
      for (let at = 0; at < kept; at++) known ||= zones[at] === zone
      if (!known) zones[kept++] = zone
    }
    while (zones.length > kept) zones.pop()
  }

  #append(fence: Fence): number {
    const number = this.#fences.push(fence) - 1
    this.#names.push(fence.id)
    this.#dwells.push(fence.dwell)
    this.#numbers.set(fence.id, number)
    return number
  }

  #drop(number: number): void {
    this.#isPlain = false
    this.#fences[number] = undefined
    this.#unindexed = this.#unindexed.filter(({ owner }) => owner >> 1 !== number)
  }

  #indexWhenDue(): void {
    if (this.#unindexed.length > mostUnindexed + this.#numbers.size / 50) this.#buildIndex()
  }

  #buildIndex(): void {
    const outlines = this.#fences.flatMap((fence, number) => (fence === undefined ? [] : outlinesFor(number, fence)))
    this.#index = buildIndex(outlines)
    this.#isPlain = outlines.length === this.size
    this.#unindexed = []
  }
}

const nowhere: readonly string[] = Object.freeze([])

/** A fence from outside, checked. @throws `GEO_FENCE_INVALID`, `GEO_POSITION_INVALID` */
export function readFence(feature: FenceFeature, where: string, rules: FenceRules): Fence {
  const id = featureId(feature, where)
  const { properties } = feature
  const approach = properties?.approach ?? rules.approach
  if (!(Number.isFinite(approach) && approach >= 0)) throw invalid(`${where}.properties.approach`, `it is ${approach}`)
  return {
    id,
    feature,
    parts: readShape(feature, where, rules.edges),
    dwell: properties?.dwell === undefined ? rules.dwell : milliseconds(properties.dwell),
    approach,
  }
}

function outlinesFor(number: number, { parts, approach }: Fence): readonly Outline[] {
  const own = outlinesOf(number * 2, parts)
  return approach > 0 ? [...own, ...outlinesOf(number * 2 + 1, approachZone(parts, approach))] : own
}

function partBorderWithin(part: FencePart, x: number, y: number, metres: number): boolean {
  const reach = part.metres ?? 0
  for (const line of part.lines) {
    const shift = Math.round((line[0]! - x) / 360) * 360
    for (let at = 0; at + 3 < line.length; at += 2) {
      const distance = metresToSegment(x + shift, y, line[at]!, line[at + 1]!, line[at + 2]!, line[at + 3]!)
      if (Math.abs(distance - reach) < metres) return true
    }
  }
  return false
}

/** To set a list's length takes twenty times as long as this. */
function clear(list: number[]): void {
  while (list.length > 0) list.pop()
}

function invalid(where: string, reason: string) {
  return fenceErrors.GEO_FENCE_INVALID({ where, reason })
}
