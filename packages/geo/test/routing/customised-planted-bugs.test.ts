import { describe, expect, it } from 'vitest'
import { importMutant, type Mutation } from '../simulations/fences/mutant.ts'
import { customisedEngine, type CustomisingParts } from './customised-engine.ts'
import { differenceFromDijkstra } from './hierarchy-check.ts'

const seeds = Array.from({ length: 25 }, (_, seed) => seed + 1)

describe('a customised hierarchy of random towns', () => {
  it('equals Dijkstra in lengths, paths and tables', () => {
    const engine = customisedEngine()
    for (const seed of seeds) expect([seed, differenceFromDijkstra(seed, engine)]).toEqual([seed, undefined])
  })

  const folder = 'routing/customisable/'
  const [skeleton, weights, pack] = [`${folder}skeleton.ts`, `${folder}customise.ts`, `${folder}pack-customised.ts`]
  it.each<[string, Mutation]>([
    [
      'neighbours are not handed on',
      { file: skeleton, from: 'for (let at = begins[child]!;', to: 'for (let at = begins[child]! + counts[child]!;' },
    ],
    [
      'the wrong neighbour is the parent',
      { file: skeleton, from: 'const parent = found[end - 1]!', to: 'const parent = found[begin]!' },
    ],
    ['rows are not sorted', { file: skeleton, from: 'found.subarray(begin, end).sort()', to: 'void begin' }],
    [
      'arcs down are taken for arcs up',
      { file: skeleton, from: 'places[graph.heads[arc]!] === low', to: 'places[graph.heads[arc]!] === high' },
    ],
    [
      'the way to the place between is that from it',
      { file: weights, from: 'const toBetween = down[legDown]!', to: 'const toBetween = up[legDown]!' },
    ],
    [
      'the way back over a place is forgotten',
      { file: weights, from: 'if (back < down[edge]!) {', to: 'if (back < 0) {' },
    ],
    [
      'the last triangle of a place is left out',
      { file: weights, from: 'leg < legDown; leg++', to: 'leg < legDown - 1; leg++' },
    ],
    ['the place between is not remembered', { file: weights, from: '          upBetween[edge] = between\n', to: '' }],
    [
      'shortcuts get their weights from above first',
      {
        file: weights,
        from: 'for (let place = nodes - 1; place >= 0; place--) {\n    for (let edge = first[place]!; edge < first[place + 1]!; edge++) edgeTo',
        to: 'for (let place = 0; place < nodes; place++) {\n    for (let edge = first[place]!; edge < first[place + 1]!; edge++) edgeTo',
      },
    ],
    [
      'what is on a shortest path is taken for a detour',
      { file: weights, from: 'Math.min(up[near]!, up[far]! + back)', to: 'Math.min(up[near]!, up[far]! + across)' },
    ],
    [
      'both ways share an edge though they weigh otherwise',
      { file: pack, from: 'edges.up[edge] === edges.down[edge] &&', to: '' },
    ],
    [
      'both ways share an edge though they run over other places',
      { file: pack, from: 'edges.upBetween[edge] === edges.downBetween[edge]', to: 'true' },
    ],
    [
      'arcs are looked up in the row of the other end',
      {
        file: pack,
        from: '~(arcPlaces[edge * 2]! * mostArcs + arcPlaces[edge * 2 + 1]!)',
        to: '~(arcPlaces[edge * 2 + 1]! * mostArcs + arcPlaces[edge * 2]!)',
      },
    ],
    [
      'separators are left out of the order',
      { file: `${folder}dissect-nodes.ts`, from: 'order[ordered++] = node\n', to: 'void node\n' },
    ],
  ])('would not go unnoticed: %s', async (_, mutation) => {
    const broken = await importMutant<CustomisingParts>(
      'routing/customisable/parts.ts',
      mutation,
      ['coordinates', 'fence', 'osm', 'graph', 'routing'],
      { 'routing/customisable/parts.ts': partsModule },
    )
    const engine = customisedEngine(broken)
    const noticed = seeds.some((seed) => {
      try {
        return differenceFromDijkstra(seed, engine) !== undefined
      } catch {
        return true
      }
    })
    expect(noticed).toBe(true)
  })
})

const partsModule = `
export { customise } from './customise.ts'
export { dissectNodes } from './dissect-nodes.ts'
export { buildSkeleton } from './skeleton.ts'
`
