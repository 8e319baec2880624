import { hardCut, type SplitUnits } from './split-units.ts'

/** A part of the units: from `start` on, before `end`, without white space at either end. */
export interface UnitRange {
  readonly start: number
  readonly end: number
}

/** Penalty of a cut by its kind, in the square of graphemes: an even split is worth less than a split between sentences. */
const penalties = [0, 0, 100, 400, 2_500, 1_000_000, 100_000_000]

/**
 * The fewest parts that fit, and among those the ones of the most even length that are cut at the best places. Words are cut
 * only when they fit nowhere; spans only when they are longer than a post. A shortest path over the places between words,
 * each looking back no further than one post: the method of Knuth and Plass for lines, with the number of parts first.
 */
export function findCuts(units: SplitUnits, graphemes: number, bytes: number): UnitRange[] {
  const places = placesOf(units, graphemes, bytes)
  const { length } = places
  const parts = new Uint32Array(length).fill(0xffff_ffff)
  const costs = new Float64Array(length).fill(Infinity)
  const previous = new Int32Array(length).fill(-1)
  parts[0] = 0
  costs[0] = 0
  for (let to = 1; to < length; to++) {
    const { end, kind } = places[to]!
    for (let from = to - 1; from >= 0; from--) {
      const { start } = places[from]!
      const size = end - start
      if (size > graphemes || units.bytes[end]! - units.bytes[start]! > bytes) break
      const count = parts[from]! + 1
      const cost = costs[from]! + (graphemes - size) ** 2 + penalties[kind]!
      if (count > parts[to]! || (count === parts[to]! && cost >= costs[to]!)) continue
      parts[to] = count
      costs[to] = cost
      previous[to] = from
    }
  }
  const ranges: UnitRange[] = []
  for (let to = length - 1; to > 0; to = previous[to]!)
    ranges.push({ start: places[previous[to]!]!.start, end: places[to]!.end })
  return ranges.toReversed()
}

interface Place {
  /** Where the part before it ends. */
  readonly end: number
  /** Where the part behind it starts. */
  readonly start: number
  readonly kind: number
}

/** Every place for a cut. Within words, and then within spans, only where what stands between two others fits no post. */
function placesOf(units: SplitUnits, graphemes: number, bytes: number): Place[] {
  const { count, isSpace, cuts } = units
  let first = 0
  while (first < count && isSpace[first] === 1) first++
  let last = count
  while (last > first && isSpace[last - 1] === 1) last--
  const places: Place[] = [{ end: 0, start: first, kind: 0 }]
  if (first === last) return places
  const add = (index: number): void => {
    let end = index
    while (isSpace[end - 1] === 1) end--
    const from = places.at(-1)!.start
    const fits = end - from <= graphemes && units.bytes[end]! - units.bytes[from]! <= bytes
    if (!fits) cutHard(units, places, end, graphemes, bytes)
    places.push({ end, start: index, kind: index === last ? 0 : cuts[index]! })
  }
  for (let index = first + 1; index < last; index++) if (cuts[index]! > 0 && cuts[index]! < hardCut) add(index)
  add(last)
  return places
}

/** Fills posts from the last place to `end`, cutting before a span where that is possible. */
function cutHard(units: SplitUnits, places: Place[], end: number, graphemes: number, bytes: number): void {
  const { isSpace, cuts } = units
  for (;;) {
    const from = places.at(-1)!.start
    let to = from
    let best = from
    while (to < end && to - from < graphemes && units.bytes[to + 1]! - units.bytes[from]! <= bytes) {
      to++
      if (cuts[to] === hardCut) best = to
    }
    if (to === end) return
    let index = best > from ? best : to
    let stop = index
    while (index < end && isSpace[index] === 1) index++
    while (stop > from + 1 && isSpace[stop - 1] === 1) stop--
    places.push({ end: stop, start: index, kind: cuts[index]! })
  }
}
