import { readFileSync } from 'node:fs'
import { randomBelow } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { sharedData } from '../../../../testing/src/shared-data.ts'

/** A road network whose roads lead both ways and weigh their length. */
export interface City {
  readonly nodes: number
  readonly tails: Int32Array
  readonly heads: Int32Array
  readonly weights: Int32Array
  /** East and north of each node in turn. */
  readonly corners: Int32Array
}

/** Real roads of Rome or Seattle from the shared data, each in both directions. */
export function city(name: 'rome' | 'seattle'): City {
  const corners = integers(`geo/graph/${name}.co.bin`)
  const roads = integers(`geo/graph/${name}.gr.bin`)
  const weight = (a: number, b: number) =>
    Math.round(Math.hypot(corners[a * 2]! - corners[b * 2]!, corners[a * 2 + 1]! - corners[b * 2 + 1]!))
  const tails = roads.map((node) => node - 1)
  const heads = roads.map((_, index) => roads[index ^ 1]! - 1)
  return {
    nodes: corners.length / 2,
    tails,
    heads,
    weights: tails.map((tail, index) => weight(tail, heads[index]!)),
    corners,
  }
}

/**
 * Several copies of a city in rows, each joined to the next ones by twelve motorways from border to border. Networks of this
 * size are not in the shared data.
 */
export function stitched(one: City, copies: number): City {
  const side = Math.ceil(Math.sqrt(copies))
  const motorways: [tail: number, head: number][] = []
  const join = (copy: number, next: number, axis: 0 | 1) => {
    if (next >= copies) return
    const [far, near] = [nodesAtBorder(one, axis, 'high'), nodesAtBorder(one, axis, 'low')]
    for (let road = 0; road < far.length; road++) {
      const a = copy * one.nodes + far[road]!
      const b = next * one.nodes + near[road]!
      motorways.push([a, b], [b, a])
    }
  }
  for (let copy = 0; copy < copies; copy++) {
    if (copy % side < side - 1) join(copy, copy + 1, 0)
    join(copy, copy + side, 1)
  }
  const streets = one.tails.length * copies
  // Numbers in lists of JavaScript's own would be the most that building a hierarchy of them holds.
  const tails = new Int32Array(streets + motorways.length)
  const heads = new Int32Array(streets + motorways.length)
  const weights = new Int32Array(streets + motorways.length).fill(3_000, streets)
  for (let copy = 0; copy < copies; copy++) {
    const begin = copy * one.tails.length
    for (let arc = 0; arc < one.tails.length; arc++) {
      tails[begin + arc] = one.tails[arc]! + copy * one.nodes
      heads[begin + arc] = one.heads[arc]! + copy * one.nodes
    }
    weights.set(one.weights, begin)
  }
  motorways.forEach(([tail, head], road) => {
    tails[streets + road] = tail
    heads[streets + road] = head
  })
  return { nodes: one.nodes * copies, tails, heads, weights, corners: new Int32Array(0) }
}

/** Twelve of the nodes that lie farthest to one side, spread along it. */
function nodesAtBorder({ nodes, corners }: City, axis: 0 | 1, end: 'low' | 'high'): number[] {
  const sign = end === 'low' ? 1 : -1
  return Array.from({ length: nodes }, (_, node) => node)
    .sort((a, b) => sign * (corners[a * 2 + axis]! - corners[b * 2 + axis]!))
    .slice(0, 1_200)
    .sort((a, b) => corners[a * 2 + 1 - axis]! - corners[b * 2 + 1 - axis]!)
    .filter((_, place) => place % 100 === 50)
}

/** Pairs of nodes, the same ones every time. */
export function randomPairs(nodes: number, count: number, seed: string): [number, number][] {
  const random = new SeededRandom(seed)
  return Array.from({ length: count }, () => [randomBelow(random, nodes), randomBelow(random, nodes)])
}

function integers(path: string): Int32Array {
  const file = sharedData(path)
  if (file === undefined) throw new Error(`${path} of the shared data is needed: see EXPRSN_SHARED`)
  const bytes = readFileSync(file)
  return new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}
