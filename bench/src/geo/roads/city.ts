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
  }
}

/**
 * Several copies of a city in a row of rows, each joined to the next ones by motorways: roads between a hundred pairs of
 * places that are as heavy as a fortieth of the way through a city. Networks of this size are not in the shared data.
 */
export function stitched(one: City, copies: number): City {
  const side = Math.ceil(Math.sqrt(copies))
  const random = new SeededRandom('motorways')
  const tails: number[] = []
  const heads: number[] = []
  const weights: number[] = []
  for (let copy = 0; copy < copies; copy++) {
    for (let arc = 0; arc < one.tails.length; arc++) {
      tails.push(one.tails[arc]! + copy * one.nodes)
      heads.push(one.heads[arc]! + copy * one.nodes)
      weights.push(one.weights[arc]!)
    }
    for (const next of [copy % side === side - 1 ? -1 : copy + 1, copy + side])
      if (next >= 0 && next < copies)
        for (let road = 0; road < 100; road++) {
          const a = copy * one.nodes + randomBelow(random, one.nodes)
          const b = next * one.nodes + randomBelow(random, one.nodes)
          tails.push(a, b)
          heads.push(b, a)
          weights.push(20_000, 20_000)
        }
  }
  return {
    nodes: one.nodes * copies,
    tails: Int32Array.from(tails),
    heads: Int32Array.from(heads),
    weights: Int32Array.from(weights),
  }
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
