import { randomBelow, randomFraction } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Position } from '@exprsn/geo/coordinates'
import { buildGraph, openGraph, profiles, saveGraph, type RoadGraph } from '@exprsn/geo/graph'
import { openNetwork, openRouter, saveNetwork, type RoadConditions } from '@exprsn/geo/routing'
import { afterAll, describe, expect, it } from 'vitest'
import { conditionedGraph } from '../../src/routing/customisable/conditioned-graph.ts'
import { partOf } from '../../src/routing/route/edge-part.ts'
import { snapPoints } from '../../src/routing/snap/snap-points.ts'
import { Snapper } from '../../src/routing/snap/snapper.ts'
import { handDrawn } from '../graph/hand-drawn.ts'
import { blockOf, type OsmItems } from '../osm/osm-items.ts'
import { plainDurations } from './plain-routes.ts'
import { block, origin, randomRoads } from './random-roads.ts'

const size = 6
const folder = mkdtempSync(join(tmpdir(), 'exprsn-network-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each([true, false])('routes under conditions (with rules for turns: %s)', (turns) => {
  it('take as long as trying everything says, whatever is slow and closed', async () => {
    let [closedEdges, unreachable] = [0, 0]
    for (let town = 0; town < 8; town++) {
      const graph = randomRoads(`conditions ${town}`, { size, turns })
      const network = await openNetwork(graph)
      const random = new SeededRandom(`conditions ${town}`)
      for (let round = 0; round < 3; round++) {
        const speeds = Array.from(graph.edges.heads, () =>
          randomBelow(random, 8) === 0 ? 0 : randomBelow(random, 3) === 0 ? 5 + randomFraction(random) * 90 : undefined,
        )
        closedEdges += speeds.filter((speed) => speed === 0).length
        const conditions: RoadConditions = { speed: ({ index }) => speeds[index] }
        const points = Array.from({ length: 12 }, (): Position => [
          origin[0] + randomFraction(random) * block * (size - 1),
          origin[1] + randomFraction(random) * block * (size - 1),
        ])
        const changed = withSpeeds(graph, speeds)
        const conditioned = conditionedGraph(graph, conditions)
        const snapper = new Snapper(conditioned)
        const snapped = (positions: readonly Position[]) =>
          snapPoints(
            conditioned,
            snapper,
            positions.map((position) => ({ position, rules: { radius: 1_000 } })),
          ).map((place) => {
            const over = [place!.forward, place!.backward].filter((edge) => edge >= 0)
            for (const edge of over) expect(speeds[edge]).not.toBe(0)
            return { parts: new Map(over.map((edge) => [edge, partOf(changed, place!, edge)])) }
          })
        const router = network.router(conditions)
        const table = await router.matrix({ sources: points })
        const places = snapped(points)
        for (const [from, start] of points.entries()) {
          const row = plainDurations(changed, places[from]!, places)
          for (const [to, end] of points.entries()) {
            expect(Math.round(table.durations[from * points.length + to]! * 1_000)).toBe(reached(row[to]) ?? NaN)
            const route = await router.route({ points: [start, end], instructions: false })
            const pair = snapped([start, end])
            const expected = reached(plainDurations(changed, pair[0]!, pair)[1])
            const found = route.found ? Math.round(route.duration * 1_000) : undefined
            expect([town, round, from, to, found]).toEqual([town, round, from, to, expected])
            if (!route.found) unreachable++
          }
        }
      }
    }
    expect(closedEdges).toBeGreaterThan(100)
    // Without rules for turns each pair is found on a part in which everything is reached.
    expect(unreachable).toBeGreaterThan(turns ? 20 : -1)
  })

  it('are those of openRouter where nothing is said, and of the network in a file', async () => {
    const graph = randomRoads('plain', { size, turns })
    const path = join(folder, `${turns}.network`)
    await saveNetwork(graph, path)
    const routers = [(await openNetwork(graph)).router(), (await openNetwork(path)).router()]
    const plain = await openRouter(path)
    const random = new SeededRandom('plain')
    for (let pair = 0; pair < 60; pair++) {
      const [a, b, c, d] = Array.from({ length: 4 }, () => randomFraction(random) * block * (size - 1))
      const points: Position[] = [
        [origin[0] + a!, origin[1] + b!],
        [origin[0] + c!, origin[1] + d!],
      ]
      const expected = await plain.route({ points })
      for (const router of routers) {
        const route = await router.route({ points })
        expect(route.found && route.duration).toBe(expected.found && expected.duration)
      }
    }
  })

  it('reach nothing over closed roads', async () => {
    const graph = randomRoads('reach', { size, turns })
    const network = await openNetwork(graph)
    const from: Position = [origin[0] + block * 2, origin[1] + block * 2]
    const area = [-0.4, 0.4].flatMap((x) =>
      [-1, 6].map((y) => [origin[0] + block * (3 + x), origin[1] + block * y] as const),
    )
    const ring = [area[0]!, area[2]!, area[3]!, area[1]!, area[0]!]
    await using router = network.router({ avoid: [{ type: 'Polygon', coordinates: [ring] }] })
    const answer = await router.isochrone({ from, durations: [500_000] })
    if (!answer.found) throw new Error('no road')
    const reached = answer.contours[0]!.roads.coordinates.flat()
    expect(reached.length).toBeGreaterThan(10)
    for (const [x] of reached) expect(x).toBeLessThan(origin[0] + block * 2.6)
    const beyond: Position = [origin[0] + block * 4, origin[1] + block * 2]
    const route = await router.route({
      points: [
        { position: from, radius: 300 },
        { position: beyond, radius: 60 },
      ],
    })
    expect(route.found ? route.legs[0]!.to.distance : 0).toBeLessThan(60)
    expect((await network.router().route({ points: [from, beyond] })).found).toBe(true)
  })
})

describe('a network for vehicles of any size', async () => {
  const items = handDrawn(`
    a 0 0
    b 1 0
    c 2 0
    d 3 0
    e 1 5
    f 2 5
    a b : highway=residential
    b c : highway=residential maxheight=3.5
    c d : highway=residential
    b e f c : highway=residential maxweight=20 hazmat=no`)
  const graph = await buildGraph([blockOf(items)], { profile: { ...profiles.truck, vehicle: {} } })
  const at = (letter: string): Position => {
    const node = items.nodes.find(({ id }) => id === letter.charCodeAt(0) - 96)!
    return [node.longitude / 1e7, node.latitude / 1e7]
  }
  const points = [at('a'), at('d')]

  it.each([
    [undefined, 300],
    [{ height: 3.5, weight: 40 }, 300],
    [{ height: 3.6, weight: 20 }, 1_300],
    [{ height: 3.6, weight: 20, hazmat: true }, undefined],
    [{ height: 3.6, weight: 20.1 }, undefined],
    [{ width: 2.5, axleLoad: 11, length: 18 }, 300],
  ])('leads %j over %s m', async (vehicle, metres) => {
    const path = join(folder, 'trucks.network')
    await saveNetwork(graph, path)
    for (const network of [await openNetwork(graph), await openNetwork(path)]) {
      const route = await network
        .router({ vehicle })
        .route({ points: points.map((position) => ({ position, radius: 20 })) })
      expect(route.found ? Math.round(route.distance / 100) * 100 : undefined).toBe(metres)
    }
  })

  it('answers as a graph that was built for the vehicle', async () => {
    const own = await buildGraph([blockOf(items)], { profile: { ...profiles.truck, vehicle: { height: 3.6 } } })
    const [expected, found] = [
      await (await openRouter(own)).route({ points }),
      await (await openNetwork(graph)).router({ vehicle: { height: 3.6 } }).route({ points }),
    ]
    // Turns cost as before: the junction is still there.
    expect([found.found && found.geometry, found.found && found.distance]).toEqual([
      expected.found && expected.geometry,
      expected.found && expected.distance,
    ])
  })

  it('refuses vehicles where no limits are known, and speeds that are none', async () => {
    const cars = await openNetwork(await buildGraph([blockOf(items)], { profile: profiles.car }))
    const refused = expect.objectContaining({ code: 'GEO_ROUTE_INVALID' })
    expect(() => cars.router({ vehicle: { height: 3 } })).toThrow(refused)
    for (const speed of [-1, NaN, '50' as never]) expect(() => cars.router({ speed: () => speed })).toThrow(refused)
  })

  it('tells callers of speeds what they ask for', async () => {
    const seen: unknown[] = []
    const speed: RoadConditions['speed'] = (edge) => {
      seen.push([
        edge.index,
        edge.name,
        edge.reference,
        edge.roadClass,
        edge.flags,
        Math.round(edge.distance),
        Math.round(edge.speed),
        edge.from,
        edge.to,
      ])
      return undefined
    }
    const one = handDrawn('a 0 0\nb 1 0\na b : highway=tertiary_link name=Ramp ref=B~4')
    ;(await openNetwork(await buildGraph([blockOf(one)], { profile: profiles.car }))).router({ speed })
    const ends = one.nodes.map(({ longitude, latitude }) => [longitude / 1e7, latitude / 1e7])
    expect(seen).toEqual([
      [0, 'Ramp', 'B 4', 'tertiary', 1, 100, 27, ends[0], ends[1]],
      [1, 'Ramp', 'B 4', 'tertiary', 1, 100, 27, ends[1], ends[0]],
    ])
  })
})

it('a network of every released version opens, limits included', async () => {
  const museum = new URL('../fixtures/formats/', import.meta.url)
  const opened = await openNetwork(fileURLToPath(new URL('road-network-v1.graph', museum)))
  const fresh = await openNetwork(
    await lowTown(JSON.parse(readFileSync(new URL('road-graph-v1.json', museum), 'utf8'))),
  )
  const { longitudes, latitudes } = fresh.graph.nodes
  const sources = Array.from(longitudes, (x, node): Position => [x / 1e7, latitudes[node]! / 1e7])
  const [wide, tall] = [{}, { vehicle: { height: 4 } }]
  const usual = await fresh.router(wide).matrix({ sources })
  expect((await opened.router(wide).matrix({ sources })).durations).toEqual(usual.durations)
  const low = await fresh.router(tall).matrix({ sources })
  expect((await opened.router(tall).matrix({ sources })).durations).toEqual(low.durations)
  expect(low.durations).not.toEqual(usual.durations)
})

it('limits that do not fit the graph are refused', async () => {
  const graph = await lowTown(
    JSON.parse(readFileSync(new URL('../fixtures/formats/road-graph-v1.json', import.meta.url), 'utf8')),
  )
  const path = join(folder, 'limits.graph')
  const { roads, values } = graph.limits!
  expect(roads.length).toBeGreaterThan(2)
  for (const limits of [
    { roads: roads.with(0, graph.roads.lengths.length), values },
    { roads: roads.with(1, -1), values },
    { roads, values: values.slice(1) },
  ]) {
    await saveGraph({ ...graph, limits }, path)
    await expect(openGraph(path)).rejects.toMatchObject({ code: 'GEO_GRAPH_FILE_INVALID' })
  }
})

it('a file whose order does not fit is refused', async () => {
  const graph = randomRoads('damaged', { turns: true })
  const path = join(folder, 'damaged.network')
  await saveNetwork(graph, path)
  const { sections } = await openGraph(path)
  const order = sections.get('network.order') as Int32Array
  for (const bad of [order.slice(1), order.with(0, order[1]!), order.with(3, -1), new Float64Array(order)]) {
    await saveGraph(graph, path, { sections: new Map([['network.order', bad]]) })
    await expect(openNetwork(path)).rejects.toMatchObject({ code: 'GEO_GRAPH_FILE_INVALID' })
  }
})

/** The town of the first released graph, with a low bridge on every third way. */
function lowTown({ items }: { readonly items: OsmItems }) {
  const ways = items.ways.map((way, at) => ({
    ...way,
    tags: [...way.tags, ...(at % 3 === 0 ? [['maxheight', '3.5'] as const] : [])],
  }))
  return buildGraph([blockOf({ ...items, ways })], { profile: { ...profiles.truck, vehicle: {} } })
}

function reached(milliseconds: number | undefined): number | undefined {
  return milliseconds === Infinity ? undefined : milliseconds
}

function withSpeeds(graph: RoadGraph, speeds: readonly (number | undefined)[]): RoadGraph {
  const weights = Float64Array.from(graph.edges.weights, (weight, edge) => {
    const speed = speeds[edge]
    if (speed === undefined) return weight
    return speed === 0 ? Infinity : Math.round((graph.roads.lengths[graph.edges.roads[edge]! >> 1]! * 36) / speed)
  })
  return { ...graph, edges: { ...graph.edges, weights: weights as unknown as Int32Array } }
}
