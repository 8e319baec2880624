import { compareBytes, rank } from './compare-bytes.ts'
import { spanAt, spanWidth, type RestRows } from './rest-rows.ts'

/** Bits of a number that hold the row; five bytes of its identifier stand before them. */
const rowBits = 24

/** Which half of a 64-bit number comes first in memory: the lower one, but on a few big machines. */
const [lower, upper] = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? [0, 1] : [1, 0]

/** Groups of rows that begin alike and are fewer are sorted by insertion. */
const few = 24

/** Rows from one to before another by their identifiers, as `<` compares text; equal ones stay in order. See `sortByText`. */
export function sortRows({ spans, bytes }: Pick<RestRows, 'spans' | 'bytes'>, begin: number, end: number): Uint32Array {
  const startOf = (row: number): number => spans[spanWidth * row + spanAt.id]!
  const endOf = (row: number): number => spans[spanWidth * row + spanAt.id + 1]!
  const byId = (one: number, other: number): number =>
    compareBytes(bytes, startOf(one), endOf(one), bytes, startOf(other), endOf(other)) || one - other
  const order = Uint32Array.from({ length: end - begin }, (_, at) => begin + at)
  if (order.length > 2 ** rowBits) return order.sort(byId)
  const from = commonLength()
  const numbers = new BigUint64Array(order.length)
  const halves = new Uint32Array(numbers.buffer)
  for (let at = 0; at < order.length; at++) {
    const [start, stop] = [startOf(begin + at) + from, endOf(begin + at)]
    let high = 0
    for (let next = start; next < start + 4; next++) high = (high << 8) | (next < stop ? rank(bytes[next]!) + 1 : 0)
    const last = start + 4
    halves[2 * at + lower] = ((last < stop ? rank(bytes[last]!) + 1 : 0) << rowBits) | at
    halves[2 * at + upper] = high
  }
  numbers.sort()
  for (let at = 0, next = 0; at < order.length; at = next) {
    for (; next < order.length && isAlike(halves, at, next); next++)
      order[next] = begin + (halves[2 * next + lower]! & (2 ** rowBits - 1))
    if (next - at > few) order.subarray(at, next).sort(byId)
    else for (let place = at + 1; place < next; place++) insert(place, at)
  }
  return order

  function insert(place: number, first: number): void {
    const row = order[place]!
    let at = place
    for (; at > first && byId(order[at - 1]!, row) > 0; at--) order[at] = order[at - 1]!
    order[at] = row
  }

  /** How many bytes all of them begin with. */
  function commonLength(): number {
    if (begin === end) return 0
    const first = startOf(begin)
    let common = endOf(begin) - first
    for (let row = begin + 1; row < end; row++) {
      const start = startOf(row)
      common = Math.min(common, endOf(row) - start)
      for (let at = 0; at < common; at++) if (bytes[start + at] !== bytes[first + at]) common = at
    }
    return common
  }
}

function isAlike(halves: Uint32Array, one: number, other: number): boolean {
  return (
    halves[2 * one + upper] === halves[2 * other + upper] &&
    halves[2 * one + lower]! >>> rowBits === halves[2 * other + lower]! >>> rowBits
  )
}
