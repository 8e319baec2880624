import { localMap } from './local-map.ts'
import { clamp, type GridShape, type SegmentCells } from './segment-cells.ts'

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

/** Told of a segment, the share of it at which it is nearest, and how far away that is to the east and to the north. */
type VisitSegment = (point: number, share: number, awayX: number, awayY: number) => void

/** Finds segments of roads by the cells that they lie in. */
export class SegmentGrid {
  readonly #points: Int32Array
  readonly #shape: GridShape
  readonly #first: Int32Array
  readonly #segments: Int32Array

  constructor(points: Int32Array, { shape, first, segments }: SegmentCells) {
    this.#points = points
    this.#shape = shape
    this.#first = first
    this.#segments = segments
  }

  /** The nearest segment within `radius` metres that is accepted. */
  nearest(x: number, y: number, radius: number, accept: AcceptSegment): SegmentHit | undefined {
    let best: SegmentHit | undefined
    // Squares are compared: roots are drawn for what is taken only.
    let most = radius * radius
    this.#visit(
      x,
      y,
      () => best?.distance ?? radius,
      (point, share, awayX, awayY) => {
        const square = awayX * awayX + awayY * awayY
        if (square > most || (best !== undefined && square === most) || !accept(point)) return
        best = { point, share, distance: Math.hypot(awayX, awayY) }
        most = square
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
      (point, share, awayX, awayY) => {
        const distance = Math.hypot(awayX, awayY)
        if (distance <= radius) found({ point, share, distance })
      },
    )
  }

  /** Visits segments ring by ring of cells until all that follow are farther than the limit. */
  #visit(x: number, y: number, limit: () => number, visit: VisitSegment): void {
    const { left: west, bottom: south, width, height, columns, rows } = this.#shape
    const { east, north } = localMap(y)
    const column = clamp(Math.floor((x - west) / width), columns)
    const row = clamp(Math.floor((y - south) / height), rows)
    for (let ring = 0; ; ring++) {
      const left = column - ring
      const right = column + ring
      const bottom = row - ring
      const top = row + ring
      for (let at = Math.max(0, bottom); at <= Math.min(rows - 1, top); at++) {
        const step = at === bottom || at === top || ring === 0 ? 1 : right - left
        for (let across = left; across <= right; across += step)
          if (across >= 0 && across < columns) this.#visitCell(at * columns + across, { x, y, east, north }, visit)
      }
      const beyond = Math.min(
        left > 0 ? (x - (west + left * width)) * east : Infinity,
        right < columns - 1 ? (west + (right + 1) * width - x) * east : Infinity,
        bottom > 0 ? (y - (south + bottom * height)) * north : Infinity,
        top < rows - 1 ? (south + (top + 1) * height - y) * north : Infinity,
      )
      if (beyond > limit()) return
    }
  }

  #visitCell(
    cell: number,
    { x, y, east, north }: { readonly x: number; readonly y: number; readonly east: number; readonly north: number },
    visit: VisitSegment,
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
      visit(point, share, fromX + share * alongX, fromY + share * alongY)
    }
  }
}
