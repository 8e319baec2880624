import type { Roads } from '../../graph/road-graph.ts'
import { localMap } from './local-map.ts'

/** Where the cells of a grid lie, in units of 1e-7 degrees. */
export interface GridShape {
  readonly left: number
  readonly bottom: number
  /** Of one cell. */
  readonly width: number
  readonly height: number
  readonly columns: number
  readonly rows: number
}

/** Segments of roads by cells of some hundred metres, row by row of cells. A segment is in every cell that it touches. */
export interface SegmentCells {
  readonly shape: GridShape
  /** The segments of cell c are those from `first[c]` up to `first[c + 1]`. */
  readonly first: Int32Array
  /** Places in `roads.points / 2` of the points that segments begin with. */
  readonly segments: Int32Array
}

const segmentsPerCell = 2

/** Lays out the segments of roads. */
export function segmentCells(roads: Pick<Roads, 'points' | 'firstPoint'>): SegmentCells {
  const shape = gridShape(roads)
  const count = shape.columns * shape.rows
  const first = new Int32Array(count + 1)
  eachCell(roads, shape, (cell) => first[cell + 1]!++)
  for (let cell = 0; cell < count; cell++) first[cell + 1]! += first[cell]!
  const segments = new Int32Array(first[count]!)
  const next = first.slice()
  eachCell(roads, shape, (cell, point) => (segments[next[cell]!++] = point))
  return { shape, first, segments }
}

function gridShape({ points, firstPoint }: Pick<Roads, 'points' | 'firstPoint'>): GridShape {
  const { left, bottom, right, top } = boxOf(points)
  const segments = Math.max(1, points.length / 2 - (firstPoint.length - 1))
  const { east, north } = localMap((bottom + top) / 2)
  const wide = Math.max(1, (right - left) * east)
  const high = Math.max(1, (top - bottom) * north)
  const side = Math.sqrt((wide * high * segmentsPerCell) / segments)
  const columns = Math.max(1, Math.min(Math.ceil(wide / side), segments))
  const rows = Math.max(1, Math.min(Math.ceil(high / side), segments))
  // One more, so that the last point lies in the last cell.
  return { left, bottom, width: (right - left + 1) / columns, height: (top - bottom + 1) / rows, columns, rows }
}

/** Every cell that a segment touches, row by row of cells. */
function eachCell(
  { points, firstPoint }: Pick<Roads, 'points' | 'firstPoint'>,
  { left, bottom, width, height, columns, rows }: GridShape,
  take: (cell: number, point: number) => void,
): void {
  for (let road = 0; road + 1 < firstPoint.length; road++)
    for (let point = firstPoint[road]!; point + 1 < firstPoint[road + 1]!; point++) {
      const ax = points[point * 2]! - left
      const ay = points[point * 2 + 1]! - bottom
      const bx = points[point * 2 + 2]! - left
      const by = points[point * 2 + 3]! - bottom
      const last = clamp(Math.floor(Math.max(ay, by) / height), rows)
      for (let row = clamp(Math.floor(Math.min(ay, by) / height), rows); row <= last; row++) {
        const atBottom = across({ ax, ay, bx, by }, row * height)
        const atTop = across({ ax, ay, bx, by }, (row + 1) * height)
        const right = clamp(Math.floor(Math.max(atBottom, atTop) / width), columns)
        for (let column = clamp(Math.floor(Math.min(atBottom, atTop) / width), columns); column <= right; column++)
          take(row * columns + column, point)
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

/** The cell that lies nearest, of so many in a row. */
export function clamp(index: number, count: number): number {
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
