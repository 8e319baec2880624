import { metresToSegment } from '../../coordinates/sphere.ts'
import type { BoundaryRule } from './outline-index.ts'
import type { Outline } from './outline.ts'
import { onEdge } from './predicates.ts'

/** Whether an outline contains a point, edge by edge: what the index must agree with. */
export function plainContains({ metres, lines }: Outline, x: number, y: number, rule: BoundaryRule): boolean {
  let inside = false
  for (const line of lines)
    for (let at = 0; at + 3 < line.length; at += 2) {
      const ax = line[at]!
      const ay = line[at + 1]!
      const bx = line[at + 2]!
      const by = line[at + 3]!
      if (metres !== undefined) {
        if (metresToSegment(x, y, ax, ay, bx, by) <= metres) return true
        continue
      }
      if (rule !== 'half-open' && onEdge(ax, ay, bx, by, x, y)) return rule === 'inside'
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside
    }
  return inside
}
