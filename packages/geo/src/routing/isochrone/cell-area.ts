import type { Position } from '../../coordinates/position.ts'
import { metresPerDegree, radians } from '../../coordinates/sphere.ts'
import { invalid } from '../port/check-request.ts'

type Ring = readonly Position[]
const mostCells = 4_000_000

/** The squares of `cell` metres that lines touch, joined to polygons with holes. */
export function cellArea(lines: readonly (readonly Position[])[], cell: number): Ring[][] {
  const [left, bottom, right, top] = boxOf(lines)
  if (!(left <= right)) return []
  const high = cell / metresPerDegree
  const wide = high / Math.max(0.01, Math.cos(((bottom + top) / 2) * radians))
  // A free column and row on each side, so that every filled square has neighbours.
  const columns = Math.floor((right - left) / wide) + 3
  const rows = Math.floor((top - bottom) / high) + 3
  if (columns * rows > mostCells) throw invalid('cell', `there would be ${columns * rows} squares`)
  const filled = new Uint8Array(columns * rows)
  const [originX, originY] = [left - wide, bottom - high]
  for (const line of lines)
    for (let at = 1; at < line.length; at++) {
      const [ax, ay] = line[at - 1]!
      const [bx, by] = line[at]!
      const steps = Math.ceil(Math.max(Math.abs(bx - ax) / wide, Math.abs(by - ay) / high) * 4) + 1
      for (let step = 0; step <= steps; step++) {
        const column = Math.floor((ax + ((bx - ax) * step) / steps - left) / wide) + 1
        const row = Math.floor((ay + ((by - ay) * step) / steps - bottom) / high) + 1
        filled[row * columns + column] = 1
      }
    }
  const toPosition = (corner: number): Position => [
    originX + (corner % (columns + 1)) * wide,
    originY + Math.floor(corner / (columns + 1)) * high,
  ]
  return polygonsOf(borders(filled, columns, rows), columns + 1).map((rings) =>
    rings.map((ring) => [...ring, ring[0]!].map(toPosition)),
  )
}

/** Per corner the corners that borders lead to from there, with the filled square on their left. */
function borders(filled: Uint8Array, columns: number, rows: number): Map<number, number[]> {
  const next = new Map<number, number[]>()
  const add = (from: number, to: number) => {
    const others = next.get(from)
    if (others === undefined) next.set(from, [to])
    else others.push(to)
  }
  const across = columns + 1
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const cell = row * columns + column
      if (filled[cell] === 0) continue
      const corner = row * across + column
      if (filled[cell - columns] === 0) add(corner, corner + 1)
      if (filled[cell + 1] === 0) add(corner + 1, corner + across + 1)
      if (filled[cell + columns] === 0) add(corner + across + 1, corner + across)
      if (filled[cell - 1] === 0) add(corner + across, corner)
    }
  return next
}

/** Rings of corners, each outer one followed by its holes. */
function polygonsOf(next: Map<number, number[]>, across: number): number[][][] {
  const outer: number[][] = []
  const holes: number[][] = []
  for (const [start, others] of next)
    while (others.length > 0) {
      const ring = followBorder(next, start, across)
      if (areaOf(ring, across) > 0) outer.push(ring)
      else holes.push(ring)
    }
  const polygons = outer.map((ring) => ({ rings: [ring], area: areaOf(ring, across) }))
  polygons.sort((a, b) => a.area - b.area)
  for (const hole of holes) polygons.find(({ rings }) => contains(rings[0]!, hole, across))?.rings.push(hole)
  return polygons.map(({ rings }) => rings.map((ring) => withoutStraight(ring)))
}

function followBorder(next: Map<number, number[]>, start: number, across: number): number[] {
  const ring = [start]
  let at = next.get(start)!.pop()!
  let step = at - start
  while (at !== start) {
    ring.push(at)
    const choices = next.get(at)!
    // Where two squares meet in a corner, turn left: so they stay two rings.
    const left = at + (step === 1 ? across : step === across ? -1 : step === -1 ? -across : 1)
    const to = choices.includes(left) ? left : choices[0]!
    choices.splice(choices.indexOf(to), 1)
    step = to - at
    at = to
  }
  return ring
}

function areaOf(ring: readonly number[], across: number): number {
  let twice = 0
  for (const [index, corner] of ring.entries()) {
    const after = ring[(index + 1) % ring.length]!
    twice += (corner % across) * Math.floor(after / across) - (after % across) * Math.floor(corner / across)
  }
  return twice / 2
}

/** Whether a hole lies in a ring: by the middle of the square that its first border has on its right. */
function contains(ring: readonly number[], hole: readonly number[], across: number): boolean {
  const [from, to] = [hole[0]!, hole[1]!]
  const dx = (to % across) - (from % across)
  const dy = Math.floor(to / across) - Math.floor(from / across)
  const x = (from % across) + dx / 2 + dy / 2
  const y = Math.floor(from / across) + dy / 2 - dx / 2
  let inside = false
  for (const [index, corner] of ring.entries()) {
    const after = ring[(index + 1) % ring.length]!
    const [ay, by] = [Math.floor(corner / across), Math.floor(after / across)]
    if (ay > y !== by > y && corner % across > x) inside = !inside
  }
  return inside
}

function withoutStraight(ring: readonly number[]): number[] {
  return ring.filter((corner, index) => {
    const before = ring[(index + ring.length - 1) % ring.length]!
    const after = ring[(index + 1) % ring.length]!
    return corner - before !== after - corner
  })
}

function boxOf(lines: readonly (readonly Position[])[]): [left: number, bottom: number, right: number, top: number] {
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const line of lines)
    for (const [x, y] of line) {
      left = Math.min(left, x)
      right = Math.max(right, x)
      bottom = Math.min(bottom, y)
      top = Math.max(top, y)
    }
  return [left, bottom, right, top]
}
