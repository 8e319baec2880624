/** A straight line between two points. */
export type Segment = readonly [ax: number, ay: number, bx: number, by: number]

/** On which side of the line from a to b the point lies: positive to the left, 0 on it. */
export function side(ax: number, ay: number, bx: number, by: number, x: number, y: number): number {
  return (bx - ax) * (y - ay) - (by - ay) * (x - ax)
}

/**
 * Which side of the edge a–b the point is on, the same whichever end comes first: a point on an edge that two fences share
 * then lies in exactly one of them.
 */
export function left(ax: number, ay: number, bx: number, by: number, x: number, y: number): boolean {
  return ax < bx || (ax === bx && ay < by) ? side(ax, ay, bx, by, x, y) > 0 : side(bx, by, ax, ay, x, y) > 0
}

/** Whether the point lies exactly on the edge. */
export function onEdge(ax: number, ay: number, bx: number, by: number, x: number, y: number): boolean {
  if ((x < ax && x < bx) || (x > ax && x > bx) || (y < ay && y < by) || (y > ay && y > by)) return false
  return side(ax, ay, bx, by, x, y) === 0
}

/** Whether two segments have a point in common. */
export function segmentsMeet([ax, ay, bx, by]: Segment, [cx, cy, dx, dy]: Segment): boolean {
  const c = side(ax, ay, bx, by, cx, cy)
  const d = side(ax, ay, bx, by, dx, dy)
  const a = side(cx, cy, dx, dy, ax, ay)
  const b = side(cx, cy, dx, dy, bx, by)
  if (((c > 0 && d < 0) || (c < 0 && d > 0)) && ((a > 0 && b < 0) || (a < 0 && b > 0))) return true
  return (
    onEdge(ax, ay, bx, by, cx, cy) ||
    onEdge(ax, ay, bx, by, dx, dy) ||
    onEdge(cx, cy, dx, dy, ax, ay) ||
    onEdge(cx, cy, dx, dy, bx, by)
  )
}

/** Whether a segment may touch a box; never says no when it does. */
export function segmentTouchesBox([ax, ay, bx, by]: Segment, x0: number, y0: number, x1: number, y1: number): boolean {
  if ((ax < x0 && bx < x0) || (ax > x1 && bx > x1) || (ay < y0 && by < y0) || (ay > y1 && by > y1)) return false
  // The corner farthest to each side decides; the slack covers the rounding of the product.
  const dx = bx - ax
  const dy = by - ay
  const p = dx * (y0 - ay) - dy * (x0 - ax)
  const q = dx * (y0 - ay) - dy * (x1 - ax)
  const r = dx * (y1 - ay) - dy * (x0 - ax)
  const s = dx * (y1 - ay) - dy * (x1 - ax)
  const slack = 1e-13 * (Math.abs(dx) + Math.abs(dy)) * (Math.abs(x0) + Math.abs(y0) + 1)
  return !((p > slack && q > slack && r > slack && s > slack) || (p < -slack && q < -slack && r < -slack && s < -slack))
}
