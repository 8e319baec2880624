import type { Roads } from '../../graph/road-graph.ts'
import { localMap } from './local-map.ts'

/** Where a place meets a road. */
export interface SegmentHit {
  /** The point that the segment begins with, as a place in `roads.points / 2`. */
  readonly point: number
  /** 0 at the begin of the segment, 1 at its end. */
  readonly share: number
  /** Metres. */
  readonly distance: number
}

/** Called for a segment that is nearer than what was found before; whether it is taken. */
export type AcceptSegment = (point: number) => boolean

const segmentsPerCell = 2

/** Segments of roads by cells of some hundred metres, laid out one cell behind the other. */
export class SegmentGrid {
  readonly #points: Int32Array
  readonly #left: number
  readonly #bottom: number
  readonly #width: number
  readonly #height: number
  readonly #columns: number
  readonly #rows: number
  readonly #first: Int32Array
  readonly #segments: Int32Array

  constructor({ points, firstPoint }: Roads) {
    this.#points = points
    const box = boxOf(points)
    const segments = Math.max(1, points.length / 2 - (firstPoint.length - 1))
    const { east, north } = localMap((box.bottom + box.top) / 2)
    const wide = Math.max(1, (box.right - box.left) * east)
    const high = Math.max(1, (box.top - box.bottom) * north)
    const side = Math.sqrt((wide * high * segmentsPerCell) / segments)
    this.#columns = Math.max(1, Math.min(Math.ceil(wide / side), segments))
    this.#rows = Math.max(1, Math.min(Math.ceil(high / side), segments))
    this.#left = box.left
    this.#bottom = box.bottom
    // One more, so that the last point lies in the last cell.
    this.#width = (box.right - box.left + 1) / this.#columns
    this.#height = (box.top - box.bottom + 1) / this.#rows
    this.#first = new Int32Array(this.#columns * this.#rows + 1)
    this.#eachCell(firstPoint, (cell) => this.#first[cell + 1]!++)
    for (let cell = 0; cell < this.#columns * this.#rows; cell++) this.#first[cell + 1]! += this.#first[cell]!
    this.#segments = new Int32Array(this.#first[this.#columns * this.#rows]!)
    const next = this.#first.slice()
    this.#eachCell(firstPoint, (cell, point) => (this.#segments[next[cell]!++] = point))
  }

  /** The nearest segment within `radius` metres that is accepted. */
  nearest(x: number, y: number, radius: number, accept: AcceptSegment): SegmentHit | undefined {
    let best: SegmentHit | undefined
    let limit = radius
    this.#visit(
      x,
      y,
      () => limit,
      (point, share, distance) => {
        if (distance > limit || (best !== undefined && distance === limit) || !accept(point)) return
        best = { point, share, distance }
        limit = distance
      },
    )
    return best
  }

  /** Every segment within `radius` metres; one may come several times. */
  within(x: number, y: number, radius: number, found: (hit: SegmentHit) => void): void {
    this.#visit(
      x,
      y,
      () => radius,
      (point, share, distance) => {
        if (distance <= radius) found({ point, share, distance })
      },
    )
  }

  /** Visits segments ring by ring of cells until all that follow are farther than the limit. */
  #visit(
    x: number,
    y: number,
    limit: () => number,
    visit: (point: number, share: number, distance: number) => void,
  ): void {
    const { east, north } = localMap(y)
    const column = clamp(Math.floor((x - this.#left) / this.#width), this.#columns)
    const row = clamp(Math.floor((y - this.#bottom) / this.#height), this.#rows)
    for (let ring = 0; ; ring++) {
      const left = column - ring
      const right = column + ring
      const bottom = row - ring
      const top = row + ring
      for (let at = Math.max(0, bottom); at <= Math.min(this.#rows - 1, top); at++) {
        const step = at === bottom || at === top || ring === 0 ? 1 : right - left
        for (let across = left; across <= right; across += step)
          if (across >= 0 && across < this.#columns)
            this.#visitCell(at * this.#columns + across, { x, y, east, north }, visit)
      }
      const beyond = Math.min(
        left > 0 ? (x - (this.#left + left * this.#width)) * east : Infinity,
        right < this.#columns - 1 ? (this.#left + (right + 1) * this.#width - x) * east : Infinity,
        bottom > 0 ? (y - (this.#bottom + bottom * this.#height)) * north : Infinity,
        top < this.#rows - 1 ? (this.#bottom + (top + 1) * this.#height - y) * north : Infinity,
      )
      if (beyond > limit()) return
    }
  }

  #visitCell(
    cell: number,
    { x, y, east, north }: { readonly x: number; readonly y: number; readonly east: number; readonly north: number },
    visit: (point: number, share: number, distance: number) => void,
  ): void {
    const points = this.#points
    for (let at = this.#first[cell]!; at < this.#first[cell + 1]!; at++) {
      const point = this.#segments[at]!
      const fromX = (points[point * 2]! - x) * east
      const fromY = (points[point * 2 + 1]! - y) * north
      const alongX = (points[point * 2 + 2]! - points[point * 2]!) * east
      const alongY = (points[point * 2 + 3]! - points[point * 2 + 1]!) * north
      const square = alongX * alongX + alongY * alongY
      const share = square === 0 ? 0 : Math.min(1, Math.max(0, -(fromX * alongX + fromY * alongY) / square))
      visit(point, share, Math.hypot(fromX + share * alongX, fromY + share * alongY))
    }
  }

  /** Every cell that a segment touches, row by row of cells. */
  #eachCell(firstPoint: Int32Array, take: (cell: number, point: number) => void): void {
    const points = this.#points
    for (let road = 0; road + 1 < firstPoint.length; road++)
      for (let point = firstPoint[road]!; point + 1 < firstPoint[road + 1]!; point++) {
        const ax = points[point * 2]! - this.#left
        const ay = points[point * 2 + 1]! - this.#bottom
        const bx = points[point * 2 + 2]! - this.#left
        const by = points[point * 2 + 3]! - this.#bottom
        const last = clamp(Math.floor(Math.max(ay, by) / this.#height), this.#rows)
        for (let row = clamp(Math.floor(Math.min(ay, by) / this.#height), this.#rows); row <= last; row++) {
          const atBottom = across({ ax, ay, bx, by }, row * this.#height)
          const atTop = across({ ax, ay, bx, by }, (row + 1) * this.#height)
          const right = clamp(Math.floor(Math.max(atBottom, atTop) / this.#width), this.#columns)
          for (
            let column = clamp(Math.floor(Math.min(atBottom, atTop) / this.#width), this.#columns);
            column <= right;
            column++
          )
            take(row * this.#columns + column, point)
        }
      }
  }
}

interface Line {
  readonly ax: number
  readonly ay: number
  readonly bx: number
  readonly by: number
}

/** Where a line is at height y, or at its end that is nearest to it. A level line gives one end here and the other there. */
function across({ ax, ay, bx, by }: Line, y: number): number {
  if (ay === by) return y <= ay ? ax : bx
  const share = Math.min(1, Math.max(0, (y - ay) / (by - ay)))
  return ax + share * (bx - ax)
}

function clamp(index: number, count: number): number {
  return Math.max(0, Math.min(count - 1, index))
}

function boxOf(points: Int32Array) {
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let at = 0; at < points.length; at += 2) {
    left = Math.min(left, points[at]!)
    right = Math.max(right, points[at]!)
    bottom = Math.min(bottom, points[at + 1]!)
    top = Math.max(top, points[at + 1]!)
  }
  return points.length === 0 ? { left: 0, bottom: 0, right: 0, top: 0 } : { left, bottom, right, top }
}
