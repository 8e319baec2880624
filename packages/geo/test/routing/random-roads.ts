import { randomBelow, randomFraction } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import type { RoadGraph, RoadTurns } from '@exprsn/geo/graph'
import { drawRoads, type DrawnRoad } from './drawn-roads.ts'

/** Where the towns lie. */
export const origin: readonly [number, number] = [9.5, 47.1]
const names = ['North Street', 'South Street', 'Mill Lane', 'High Street', 'Quay']
/** Degrees between neighbouring nodes. */
export const block = 0.002

/**
 * A random town: streets with bends, one-ways, loops, parallel roads and an island. With turns, some are forbidden, all cost
 * something, and some edges have a copy that those get to who come from a certain edge.
 */
export function randomRoads(seed: string, options: { readonly size?: number; readonly turns: boolean }): RoadGraph {
  const { size = 6, turns } = options
  const random = new SeededRandom(seed)
  const at = (node: number) => [
    Math.round((origin[0] + (node % size) * block) * 1e7),
    Math.round((origin[1] + Math.floor(node / size) * block) * 1e7),
  ]
  const roads: DrawnRoad[] = []
  const draw = (tail: number, head: number) => {
    const [ax, ay] = at(tail) as [number, number]
    const [bx, by] = at(head) as [number, number]
    const bend = () => Math.round((randomFraction(random) - 0.5) * block * 0.6e7)
    const between = Array.from({ length: randomBelow(random, 3) + (tail === head ? 2 : 0) }, (_, index) => {
      const share = (index + 1) / 5
      return [Math.round(ax + (bx - ax) * share) + bend(), Math.round(ay + (by - ay) * share) + bend()] as const
    })
    const kind = randomBelow(random, 4)
    roads.push({
      points: [[ax, ay], ...between, [bx, by]],
      forward: kind !== 1,
      backward: kind !== 2,
      name: names[roads.length % names.length]!,
      speed: [5, 8, 14, 25][randomBelow(random, 4)]!,
    })
  }
  const island = size * size - 1
  for (let node = 0; node < size * size; node++) {
    const right = node + 1
    const above = node + size
    if (node % size < size - 1 && right !== island && randomBelow(random, 10) > 0) draw(node, right)
    if (above < size * size && above !== island && randomBelow(random, 10) > 0) draw(node, above)
    if (node !== island && randomBelow(random, 12) === 0) draw(node, node)
    if (node > 0 && node !== island && randomBelow(random, 12) === 0) draw(node, node - 1)
  }
  draw(island, island)
  const graph = drawRoads(roads)
  const { first, heads } = graph.edges
  return turns ? { ...graph, turns: turnsOf({ first, heads, random, edges: heads.length }) } : graph
}

interface Rows {
  readonly first: Int32Array
  readonly heads: Int32Array
  readonly random: SeededRandom
  readonly edges: number
}

function turnsOf({ first, heads, random, edges }: Rows): RoadTurns {
  const copied = Array.from({ length: edges }, (_, edge) => edge).filter(() => randomBelow(random, 6) === 0)
  const stateEdges = [...Array.from({ length: edges }, (_, edge) => edge), ...copied]
  const firstCopy = new Int32Array(edges + 1)
  let copies = edges
  for (let edge = 0; edge < edges; edge++) {
    firstCopy[edge] = copies
    if (copied.includes(edge)) copies++
  }
  firstCopy[edges] = copies
  const arcs: { head: number; cost: number }[][] = stateEdges.map((edge) => {
    const node = heads[edge]!
    const row: { head: number; cost: number }[] = []
    for (let next = first[node]!; next < first[node + 1]!; next++) {
      if (randomBelow(random, 7) === 0) continue
      const copy = firstCopy[next]! < firstCopy[next + 1]! && randomBelow(random, 2) === 0
      row.push({ head: copy ? firstCopy[next]! : next, cost: randomBelow(random, 4) * 1_500 })
    }
    return row
  })
  const firstArc = new Int32Array(arcs.length + 1)
  arcs.forEach((row, state) => (firstArc[state + 1] = firstArc[state]! + row.length))
  return {
    edges: Int32Array.from(stateEdges),
    firstCopy,
    first: firstArc,
    heads: Int32Array.from(arcs.flat(), ({ head }) => head),
    costs: Int32Array.from(arcs.flat(), ({ cost }) => cost),
  }
}
