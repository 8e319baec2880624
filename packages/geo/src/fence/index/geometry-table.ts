import { fenceErrors } from '../errors.ts'
import { mostPoints } from './edge-run.ts'
import type { Outline } from './outline.ts'

/** All lines in one array: edge `e` goes from vertex `e` to vertex `e + 1`. */
export interface GeometryTable {
  /** Longitude and latitude in turn. */
  readonly vertices: Float64Array
  /** Per outline: the fence it belongs to. */
  readonly owners: Int32Array
  /** Per outline: the width of its lines in metres, NaN for an area. */
  readonly metres: Float64Array
  /** Per outline: its edges, as `[first, end)` pairs for its lines. */
  readonly lines: readonly (readonly number[])[]
}

/** Puts the vertices of all outlines into one array; neighbours on the earth are neighbours in it, for the processor's sake. */
export function tabulate(unordered: readonly Outline[]): GeometryTable {
  const outlines = inSpaceOrder(unordered)
  const size = outlines.reduce((sum, { lines }) => sum + lines.reduce((points, line) => points + line.length, 0), 0)
  if (size / 2 > mostPoints) throw fenceErrors.GEO_FENCE_TOO_MANY_POINTS({ points: size / 2, most: mostPoints })
  const vertices = new Float64Array(size)
  let at = 0
  const lines = outlines.map((outline) =>
    outline.lines.flatMap((line) => {
      vertices.set(line, at)
      const first = at / 2
      at += line.length
      return [first, at / 2 - 1]
    }),
  )
  const owners = Int32Array.from(outlines, ({ owner }) => owner)
  const metres = Float64Array.from(outlines, (outline) => outline.metres ?? Number.NaN)
  return { vertices, owners, metres, lines }
}

/** Whether an outline is an area, not lines with a width. */
export function isArea({ metres }: GeometryTable, outline: number): boolean {
  return Number.isNaN(metres[outline])
}

/** Along a curve that visits squares within squares (Morton order). */
function inSpaceOrder(outlines: readonly Outline[]): readonly Outline[] {
  const keys = Float64Array.from(outlines, ({ lines: [line] }) => spaceKey(line?.[0] ?? 0, line?.[1] ?? 0))
  const order = Uint32Array.from(outlines, (_, index) => index).sort((a, b) => keys[a]! - keys[b]!)
  return Array.from(order, (index) => outlines[index]!)
}

function spaceKey(x: number, y: number): number {
  const column = Math.floor((((x + 540) % 360) / 360) * 0xff_ffff)
  const row = Math.floor(((y + 90) / 180) * 0xff_ffff)
  let key = 0
  for (let bit = 23; bit >= 0; bit--) key = key * 4 + ((row >> bit) & 1) * 2 + ((column >> bit) & 1)
  return key
}
