import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { randomFraction } from '@exprsn/core'
import { SeededRandom } from '@exprsn/core/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { decodeSections } from '../../graph/file/decode-sections.ts'
import { buildGraph, openGraph, profiles, saveGraph } from '../../graph/index.ts'
import { readOsm } from '../../osm/index.ts'
import type { Position } from '../../coordinates/position.ts'
import type { Section } from '../../graph/file/section.ts'
import { origin, randomRoads } from '../../../test/routing/random-roads.ts'
import { openRouter, saveRouter } from './open-router.ts'

const folder = mkdtempSync(join(tmpdir(), 'exprsn-router-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const points = [
  [origin[0] + 0.001, origin[1] + 0.001],
  [origin[0] + 0.003, origin[1] + 0.004],
] as const

describe('a router in a file', () => {
  it.each([true, false])('answers as the one over the graph (with rules for turns: %s)', async (turns) => {
    const graph = randomRoads('file', { turns })
    const path = join(folder, `${turns}.graph`)
    await saveRouter(graph, path)
    const [ours, opened] = [await openRouter(graph), await openRouter(path)]
    const route = await opened.route({ points })
    expect(route.found).toBe(true)
    expect(route).toEqual(await ours.route({ points }))
    expect(await opened.matrix({ sources: points })).toEqual(await ours.matrix({ sources: points }))
  })

  it('is made of a file that holds only a graph', async () => {
    const graph = randomRoads('file', { turns: true })
    const path = join(folder, 'only.graph')
    await saveGraph(graph, path)
    expect(await (await openRouter(path)).route({ points })).toEqual(await (await openRouter(graph)).route({ points }))
  })

  it('comes to an end when its shortcuts stand for edges that are not there', async () => {
    const graph = randomRoads('hollow', { turns: true })
    const path = join(folder, 'hollow.graph')
    await saveRouter(graph, path)
    const { sections } = await openGraph(path)
    const [first, between] = [
      sections.get('hierarchy.first') as Int32Array,
      sections.get('hierarchy.between') as Int32Array,
    ]
    const last = first.length - 2
    const hollow = between.map((place, edge) => (place >= 0 && edge < first[last]! ? last : place))
    const own = new Map([...sections].filter(ownSection))
    await saveGraph(graph, path, { sections: own.set('hierarchy.between', hollow) })
    const router = await openRouter(path)
    const ways = [points, points.toReversed()].map((way) => router.route({ points: way }))
    const ends = await Promise.allSettled(ways)
    expect(ends.some(({ status }) => status === 'rejected')).toBe(true)
    for (const end of ends)
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'GEO_GRAPH_INVALID' })
  })

  it.each([
    'hierarchy.places',
    'hierarchy.first',
    'hierarchy.edges',
    'hierarchy.between',
    'states.first',
    'states.heads',
    'states.origins',
    'cells.first',
    'cells.segments',
  ])('is refused when its %s does not fit', async (name) => {
    const graph = randomRoads('damaged', { turns: true })
    const path = join(folder, 'damaged.graph')
    await saveRouter(graph, path)
    const { sections } = await openGraph(path)
    const list = sections.get(name) as Int32Array
    const last = list.length - 1
    const bad = [list.slice(1), list.with(last, 2 ** 30), new Float64Array(list), undefined]
    for (const [index, section] of bad.entries()) {
      const own = new Map([...sections].filter(ownSection))
      if (section === undefined) own.delete(name)
      else own.set(name, section)
      await saveGraph(graph, path, { sections: own })
      // Without its first list it is a graph alone.
      if (section === undefined && name === 'hierarchy.places') await openRouter(path)
      // The last arcs of the heaviest weights and the farthest place between are bounded by their type or by the next check.
      else if (index === 1 && name === 'hierarchy.edges') continue
      else {
        const refused = { code: 'GEO_GRAPH_FILE_INVALID' }
        await expect(openRouter(path, { check: 'at-once' }), `${name} ${index}`).rejects.toMatchObject(refused)
        const router = await openRouter(path)
        await expect(router.route({ points }), `${name} ${index}`).rejects.toMatchObject(refused)
      }
    }
  })

  it.each<[string, Section]>([
    ['of another type', new Int32Array(6)],
    ['too short', Float64Array.of(0, 0, 1, 1, 1)],
    ['at no place', Float64Array.of(NaN, 0, 1, 1, 1, 1)],
    ['without width', Float64Array.of(0, 0, 0, 1, 1, 1)],
    ['without height', Float64Array.of(0, 0, 1, -1, 1, 1)],
    ['of half a column', Float64Array.of(0, 0, 1, 1, 0.5, 2)],
    ['of no rows', Float64Array.of(0, 0, 1, 1, 1, 0)],
    ['of more cells than there are', Float64Array.of(0, 0, 1, 1, 1_000, 1_000)],
  ])('is refused when its cells are %s', async (_, shape) => {
    const graph = randomRoads('cells', { turns: false })
    const path = join(folder, 'cells.graph')
    await saveRouter(graph, path)
    const own = new Map([...(await openGraph(path)).sections].filter(ownSection)).set('cells.shape', shape)
    await saveGraph(graph, path, { sections: own })
    await expect(openRouter(path, { check: 'at-once' })).rejects.toMatchObject({
      code: 'GEO_GRAPH_FILE_INVALID',
      details: { reason: expect.stringContaining('cells.') },
    })
  })

  it('finds the roads by the cells in the file, and without them by its own', async () => {
    const graph = randomRoads('found', { turns: true })
    const path = join(folder, 'found.graph')
    await saveRouter(graph, path)
    const { sections } = await openGraph(path)
    const request = { sources: drawPoints('found') }
    const expected = await (await openRouter(graph)).matrix(request)
    expect(expected.sources.filter((place) => place !== undefined).length).toBeGreaterThan(20)
    expect(await (await openRouter(path)).matrix(request)).toEqual(expected)
    const own = [...sections].filter((entry) => ownSection(entry) && !entry[0].startsWith('cells.'))
    await saveGraph(graph, path, { sections: new Map(own) })
    expect(await (await openRouter(path)).matrix(request)).toEqual(expected)
  })

  it('holds the arcs between states only where they are not those of the graph', async () => {
    const path = join(folder, 'arcs.graph')
    const line = { type: 'LineString', coordinates: [0, 1, 2].map((step) => [origin[0] + step * 0.002, origin[1]]) }
    const roads = () => readOsm(new TextEncoder().encode(JSON.stringify(line)), { tags: { highway: 'residential' } })
    const along = [0.0005, 0.0035].map((step): Position => [origin[0] + step, origin[1]])
    const graphs = [
      [await buildGraph(roads(), { profile: profiles.car }), false],
      [await buildGraph(roads(), { profile: profiles.foot }), false],
      [randomRoads('arcs', { turns: false }), true],
    ] as const
    for (const [graph, areHeld] of graphs) {
      await saveRouter(graph, path)
      expect((await openGraph(path)).sections.has('states.first')).toBe(areHeld)
      const [ours, opened] = [await openRouter(graph), await openRouter(path)]
      for (const request of [{ points: along }, { points }])
        expect(await opened.route(request)).toEqual(await ours.route(request))
      const { durations } = await opened.matrix({ sources: [...along, ...points] })
      expect(durations).toEqual((await ours.matrix({ sources: [...along, ...points] })).durations)
      expect(durations.filter((duration) => duration > 0).length).toBeGreaterThan(0)
    }
  })

  it('names a damaged section instead of an answer, for every request and at once when it is told to', async () => {
    const path = join(folder, 'flipped.graph')
    await saveRouter(randomRoads('flipped', { turns: true }), path)
    const bytes = new Uint8Array(readFileSync(path))
    for (const [name, section] of decodeSections(bytes).sections) {
      if (section.length === 0) continue
      const at = section.byteOffset + (section.byteLength >> 1)
      writeFileSync(path, bytes.with(at, bytes[at]! ^ 64))
      const refused = {
        code: 'GEO_GRAPH_FILE_INVALID',
        status: 500,
        details: { offset: section.byteOffset, reason: `the checksum of the section "${name}" is wrong` },
      }
      await expect(openRouter(path, { check: 'at-once' }), name).rejects.toMatchObject(refused)
      const router = await openRouter(path)
      await expect(router.route({ points }), name).rejects.toMatchObject(refused)
      await expect(router.matrix({ sources: points }), name).rejects.toMatchObject(refused)
      await expect(router.isochrone({ from: points[0], durations: [60] }), name).rejects.toMatchObject(refused)
      await expect(router.match({ fixes: points }), name).rejects.toMatchObject(refused)
    }
  })

  it('is not opened when it is cut off, or its header is damaged', async () => {
    const path = join(folder, 'cut.graph')
    await saveRouter(randomRoads('cut', { turns: true }), path)
    const bytes = new Uint8Array(readFileSync(path))
    const begin = Math.min(...[...decodeSections(bytes).sections.values()].map(({ byteOffset }) => byteOffset))
    for (let at = 0; at < begin; at += 5) {
      writeFileSync(path, bytes.with(at, bytes[at]! ^ 1))
      await expect(openRouter(path), `byte ${at}`).rejects.toThrow(
        expect.objectContaining({ code: expect.stringMatching(/^GEO_GRAPH_FILE_/) }),
      )
    }
    for (let length = 0; length < bytes.length; length += 997) {
      writeFileSync(path, bytes.subarray(0, length))
      await expect(openRouter(path), `${length} bytes`).rejects.toMatchObject({ code: 'GEO_GRAPH_FILE_INVALID' })
    }
  })

  it('answers nothing once it is closed, whether it was asked before or not', async () => {
    const path = join(folder, 'closed.graph')
    await saveRouter(randomRoads('closed', { turns: true }), path)
    const [asked, unasked] = [await openRouter(path), await openRouter(path)]
    await asked.route({ points })
    for (const router of [asked, unasked]) {
      await router.close()
      await router.close()
      await expect(router.route({ points })).rejects.toMatchObject({ code: 'GEO_ROUTER_CLOSED' })
    }
  })

  it.each([1, 2])('answers as it did when version %i of the format was written', async (version) => {
    const museum = new URL('../../../test/fixtures/formats/', import.meta.url)
    const { request, route } = JSON.parse(readFileSync(new URL('road-router.json', museum), 'utf8'))
    const router = await openRouter(fileURLToPath(new URL(`road-router-v${version}.graph`, museum)))
    expect(await router.route(request)).toEqual(route)
  })
})

function ownSection([name]: readonly [string, Section]): boolean {
  return /^(hierarchy|states|cells)\./.test(name)
}

/** Anywhere among the roads. */
function drawPoints(seed: string): Position[] {
  const random = new SeededRandom(seed)
  const drawn = () => randomFraction(random) * 0.005
  return Array.from({ length: 30 }, (): Position => [origin[0] + drawn(), origin[1] + drawn()])
}
