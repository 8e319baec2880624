import { compareBytes, rank } from './compare-bytes.ts'
import { spanAt, spanWidth, type RestRows } from './rest-rows.ts'

/** Bits of a number that hold the row; five bytes of its identifier stand before them. */
export const rowBits = 24

/** Which half of a 64-bit number comes first in memory: the lower one, but on a few big machines. */
const [lower, upper] = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? [0, 1] : [1, 0]

/** Groups of rows that begin alike and are fewer are sorted by insertion. */
const few = 24

type Rows = Pick<RestRows, 'spans' | 'bytes'>

/**
 * Rows from one to before another by their identifiers, as `<` compares text; equal ones stay in order. See `sortByText`. What is
 * done for each row is a function of its own: both sides have it compiled once.
 */
export function sortRows(rows: Rows, begin: number, end: number): Uint32Array {
  const order = new Uint32Array(end - begin)
  for (let at = 0; at < order.length; at++) order[at] = begin + at
  if (order.length > 2 ** rowBits) return inCompareOrder(order, rows)
  const from = commonLength(rows, begin, end)
  const numbers = new BigUint64Array(order.length)
  const halves = new Uint32Array(numbers.buffer)
  for (let at = 0; at < order.length; at++) putNumber(halves, at, rows, begin + at, from)
  numbers.sort()
  for (let at = 0, next = 0; at < order.length; at = next) {
    for (; next < order.length && isAlike(halves, at, next); next++)
      order[next] = begin + (halves[2 * next + lower]! & (2 ** rowBits - 1))
    if (next - at > few) inCompareOrder(order.subarray(at, next), rows)
    else for (let place = at + 1; place < next; place++) insert(order, place, at, rows)
  }
  return order
}

/** Sorts rows by comparing all of their identifiers. */
export function inCompareOrder(order: Uint32Array, rows: Rows): Uint32Array {
  return order.sort((one, other) => compareIds(rows, one, other))
}

function startOf({ spans }: Rows, row: number): number {
  return spans[spanWidth * row + spanAt.id]!
}

function endOf({ spans }: Rows, row: number): number {
  return spans[spanWidth * row + spanAt.id + 1]!
}

function compareIds(rows: Rows, one: number, other: number): number {
  const { bytes } = rows
  return (
    compareBytes(bytes, startOf(rows, one), endOf(rows, one), bytes, startOf(rows, other), endOf(rows, other)) ||
    one - other
  )
}

/** How many bytes all of them begin with. */
function commonLength(rows: Rows, begin: number, end: number): number {
  if (begin === end) return 0
  let common = endOf(rows, begin) - startOf(rows, begin)
  for (let row = begin + 1; row < end; row++) common = commonWith(rows, row, startOf(rows, begin), common)
  return common
}

function commonWith(rows: Rows, row: number, first: number, most: number): number {
  const { bytes } = rows
  const start = startOf(rows, row)
  const length = Math.min(most, endOf(rows, row) - start)
  for (let at = 0; at < length; at++) if (bytes[start + at] !== bytes[first + at]) return at
  return length
}

/** Five bytes of an identifier, behind what all begin with, and the row's place. */
function putNumber(halves: Uint32Array, at: number, rows: Rows, row: number, from: number): void {
  const { bytes } = rows
  const [start, stop] = [startOf(rows, row) + from, endOf(rows, row)]
  let high = 0
  for (let next = start; next < start + 4; next++) high = (high << 8) | (next < stop ? rank(bytes[next]!) + 1 : 0)
  const last = start + 4
  halves[2 * at + lower] = ((last < stop ? rank(bytes[last]!) + 1 : 0) << rowBits) | at
  halves[2 * at + upper] = high
}

function insert(order: Uint32Array, place: number, first: number, rows: Rows): void {
  const row = order[place]!
  let at = place
  for (; at > first && compareIds(rows, order[at - 1]!, row) > 0; at--) order[at] = order[at - 1]!
  order[at] = row
}

function isAlike(halves: Uint32Array, one: number, other: number): boolean {
  return (
    halves[2 * one + upper] === halves[2 * other + upper] &&
    halves[2 * one + lower]! >>> rowBits === halves[2 * other + lower]! >>> rowBits
  )
}
