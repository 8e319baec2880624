import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { createClient, type Client } from '@exprsn/core/client'
import { sharedData } from '@exprsn/real-servers/shared-data'
import { findValhalla } from '@exprsn/real-servers/valhalla'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Position } from '../coordinates/position.ts'
import { metresBetween } from '../coordinates/sphere.ts'
import { buildGraph, openRouter, profiles, readOsm, type Router } from '../routing/index.ts'
import { osrmRouter } from './osrm.ts'
import type { ValhallaClient } from './valhalla.ts'

type Answer = (service: string, places: readonly Position[], query: URLSearchParams) => Promise<object> | object

/** An HTTP server that understands what osrm-routed is asked. */
async function serving(answer: Answer) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://localhost')
    asked.push(decodeURIComponent(url.pathname + url.search))
    const [, service, , , path] = url.pathname.split('/')
    const places = path!.split(';').map((place) => place.split(',').map(Number) as unknown as Position)
    void Promise.resolve(answer(service!, places, url.searchParams)).then((body) => {
      const isOk = (body as { code?: string }).code === 'Ok'
      response.writeHead(isOk ? 200 : 400).end('text' in body ? String(body.text) : JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return { url, asked, close: () => new Promise((resolve) => server.close(resolve)) }
}

const extract = sharedData('geo/osm/monaco-2021.osm.pbf')
const valhalla = extract === undefined ? { missing: 'there is no extract' } : await findValhalla()
const missing = 'missing' in valhalla ? valhalla.missing : undefined
const installed = 'folder' in valhalla ? valhalla.folder : ''
const places: readonly Position[] = [
  [7.42, 43.733],
  [7.428, 43.74],
  [7.4215, 43.7365],
  [7.4145, 43.7275],
]
const sea: Position = [7.44, 43.7]

describe.skipIf(missing !== undefined)(
  `answers in OSRM's format that others gave${missing === undefined ? '' : `: ${missing}`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'exprsn-osrm-'))
    const http = createClient({ allow: { loopbackAddresses: true } })
    let server: Awaited<ReturnType<typeof serving>>
    let theirs: Router
    let ours: Router
    beforeAll(async () => {
      const { Actor, getConfig } = await import(pathToFileURL(join(installed, 'index.mjs')).href)
      const config = await getConfig({ tileDir: join(folder, 'tiles'), tileExtract: '' })
      writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
      const build = [join(installed, 'bin/valhalla-cli.js'), 'build_tiles', '-c', join(folder, 'config.json'), extract!]
      await promisify(execFile)(process.execPath, build, { maxBuffer: 2 ** 28, cwd: folder })
      server = await serving(answeredByValhalla(new Actor(config) as ValhallaClient))
      theirs = osrmRouter({ url: server.url, client: http })
      ours = await openRouter(await buildGraph(readOsm(extract!), { profile: profiles.car }))
    }, 60_000)
    afterAll(async () => {
      await server.close()
      await http.close()
      rmSync(folder, { recursive: true, force: true })
    })

    it('are routes of the same shape and about the same length', async () => {
      for (const [index, from] of places.entries()) {
        const request = {
          points: [from, places[(index + 1) % 4]!, places[(index + 2) % 4]!],
          instructions: 'de',
        } as const
        const [a, b] = [await theirs.route(request), await ours.route(request)]
        if (!a.found || !b.found) throw new Error('no route')
        expect(a.distance / b.distance).toBeGreaterThan(0.6)
        expect(a.distance / b.distance).toBeLessThan(1.6)
        const drawn = a.geometry
          .slice(1)
          .reduce((sum, place, at) => sum + metresBetween(...a.geometry[at]!, ...place), 0)
        expect(drawn / a.distance).toBeCloseTo(1, 1)
        expect(a.legs.map(({ first, last }) => [first, last])).toEqual([
          [0, a.legs[0]!.last],
          [a.legs[0]!.last, a.geometry.length - 1],
        ])
        for (const { to, last } of a.legs) expect(metresBetween(...a.geometry[last]!, ...to.position)).toBeLessThan(3)
        const { instructions } = a
        expect([instructions[0]!.maneuver, instructions.at(-1)!.maneuver]).toEqual(['depart', 'arrive'])
        expect(instructions.filter(({ maneuver }) => maneuver === 'via')).toHaveLength(1)
        expect(instructions.reduce((sum, { distance }) => sum + distance, 0)).toBeCloseTo(a.distance, 0)
        for (const { point, position } of instructions) expect(a.geometry[point]).toEqual(position)
        expect(instructions[0]!.text).toMatch(/starten$/)
      }
    })

    it('are tables, with places in the sea left out', async () => {
      const [a, b] = [await theirs.matrix({ sources: places }), await ours.matrix({ sources: places })]
      for (const [cell, metres] of a.distances.entries()) {
        if (Math.floor(cell / 4) === cell % 4) expect([metres, a.durations[cell]]).toEqual([0, 0])
        else expect(Math.abs(metres - b.distances[cell]!)).toBeLessThan(0.8 * b.distances[cell]!)
      }
      const some = await theirs.matrix({ sources: [sea, places[0]!], targets: [places[1]!, sea, places[2]!] })
      expect([...some.durations].map(Number.isNaN)).toEqual([true, true, true, false, true, false])
      expect(some.durations[3]).toBe(a.durations[1])
      expect([some.sources[0], some.targets[1]]).toEqual([undefined, undefined])
      const none = await theirs.matrix({ sources: [sea], targets: places })
      expect([none.rows, none.columns, none.durations.every(Number.isNaN)]).toEqual([1, 4, true])
    })

    it('are ways that were taken, and places without a road', async () => {
      const route = await ours.route({ points: [places[0]!, places[3]!] })
      const fixes = route.found ? route.geometry.filter((_, at) => at % 3 === 0) : []
      const { parts, fixes: found } = await theirs.match({ fixes })
      expect(parts.length).toBeGreaterThan(0)
      expect(parts[0]!.legs).toHaveLength(parts[0]!.lastFix - parts[0]!.firstFix)
      for (const [at, place] of found.entries())
        if (place) expect(metresBetween(...place.position, ...fixes[at]!)).toBeLessThan(60)
      expect(await theirs.route({ points: [places[0]!, sea] })).toEqual({ found: false, reason: 'no-road', point: 1 })
      await expect(theirs.isochrone({ from: sea, durations: [60] })).rejects.toMatchObject({
        code: 'GEO_OSRM_UNSUPPORTED',
      })
    })
  },
)

describe('the router over OSRM', () => {
  let client: Client
  beforeAll(() => void (client = createClient({ allow: { loopbackAddresses: true } })))
  afterAll(() => client.close())
  const asking = async (answer: Answer) => {
    const server = await serving(answer)
    return { ...server, router: osrmRouter({ url: server.url, client, profile: 'car' }) }
  }
  const ends: Position[] = [
    [9.5, 47],
    [9.6, 47.1],
  ]

  it('asks as the API is documented', async () => {
    const { router, asked, close } = await asking(() => ({ code: 'NoRoute' }))
    const points = [{ position: ends[0]!, bearing: 90.4, radius: 25 }, ends[1]!]
    expect(await router.route({ points, alternatives: 2 })).toEqual({ found: false, reason: 'unreachable', point: 0 })
    expect(asked[0]).toContain('/route/v1/car/9.500000,47.000000;9.600000,47.100000?')
    for (const option of [
      'geometries=polyline6',
      'steps=true',
      'alternatives=2',
      'radiuses=25;1000',
      'bearings=90,45;',
    ])
      expect(asked[0]).toContain(option)
    await router.matrix({ sources: ends }).catch(() => undefined)
    for (const option of ['sources=0;1', 'destinations=2;3', 'annotations=duration,distance'])
      expect(asked[1]).toContain(option)
    await close()
  })

  it('reads steps, ramps, ferries and roundabouts', async () => {
    const step = (type: string, modifier?: string, more: object = {}) => ({
      distance: 10,
      duration: 2,
      geometry: '_izlhA~rlgdF_{geC~ywl@',
      name: 'Quay',
      maneuver: { type, modifier, bearing_after: 90 },
      ...more,
    })
    const steps = [
      step('depart'),
      step('turn', 'sharp left'),
      step('new name', 'straight', { name: '', ref: 'B 4' }),
      step('turn', 'straight'),
      step('off ramp', 'slight right'),
      step('on ramp', 'left'),
      step('notification', 'straight', { mode: 'ferry' }),
      step('roundabout', 'right', { maneuver: { type: 'roundabout', modifier: 'right', exit: 2 } }),
      step('exit roundabout', 'right'),
      step('continue', 'uturn'),
      step('arrive', undefined, { distance: 0, duration: 0, name: '' }),
    ]
    const route = { legs: [{ distance: 100, duration: 20, steps }] }
    const waypoints = ends.map((location) => ({ location, name: 'Quay' }))
    const { router, close } = await asking(() => ({ code: 'Ok', routes: [route, route], waypoints }))
    const found = await router.route({ points: ends, alternatives: 1, emissions: { gramsPerKilometre: 200 } })
    if (!found.found) throw new Error('no route')
    expect(found.instructions.map(({ maneuver, text }) => `${maneuver}: ${text}`)).toEqual([
      'depart: Head east on Quay',
      'sharp-left: Turn sharp left onto Quay',
      'continue: Continue on B 4',
      'straight: Go straight on along Quay',
      'ramp-right: Take the ramp on the right onto Quay',
      'ramp-left: Take the ramp on the left onto Quay',
      'ferry: Take the ferry Quay',
      'roundabout: At the roundabout, take the second exit onto Quay',
      'turn-round: Turn round on Quay',
      'arrive: You have arrived',
    ])
    expect(found.instructions[7]).toMatchObject({ distance: 20, duration: 4, exit: 2 })
    expect(found.legs[0]!.co2e).toBeCloseTo(20, 9)
    expect(found.alternatives).toHaveLength(1)
    expect((await router.route({ points: ends, instructions: false })) as object).toMatchObject({ instructions: [] })
    await close()
  })

  it.each([
    [{ code: 'TooBig', message: 'Too many table coordinates' }, 'Too many table coordinates'],
    [{ code: 'InvalidQuery' }, 'InvalidQuery'],
    [{ text: '<html>Bad Gateway</html>' }, 'no JSON'],
    [{ text: '[]' }, 'without code'],
    [{ code: 'Ok', routes: [] }, 'no route'],
  ])('says what went wrong: %j', async (answer, reason) => {
    const { router, close } = await asking(() => answer)
    await expect(router.route({ points: ends })).rejects.toThrow(expect.objectContaining({ code: 'GEO_OSRM_FAILED' }))
    await expect(router.route({ points: ends })).rejects.toThrow(reason)
    await close()
  })

  it('does not ask for ever, checks before it asks, and answers nothing once closed', async () => {
    const { router, asked, close } = await asking(() => ({ code: 'NoSegment', message: 'somewhere' }))
    await expect(router.matrix({ sources: ends })).rejects.toMatchObject({ code: 'GEO_OSRM_FAILED' })
    expect(asked).toHaveLength(1)
    expect(await router.match({ fixes: ends })).toMatchObject({ parts: [], fixes: [undefined, undefined] })
    expect((await router.match({ fixes: ends.slice(1) })).parts).toEqual([])
    await expect(router.route({ points: [[200, 0], ends[0]!] })).rejects.toThrow('points[0]')
    await expect(router.route({ points: ends.slice(1) })).rejects.toThrow('two or more')
    await expect(router.route({ points: ends, instructions: 'xx' as never })).rejects.toThrow('instructions')
    await router[Symbol.asyncDispose]()
    await expect(router.route({ points: ends })).rejects.toMatchObject({ code: 'GEO_ROUTER_CLOSED' })
    await close()
  })
})

/** Valhalla writes OSRM's format; what it throws is said in OSRM's words. */
function answeredByValhalla(client: ValhallaClient): Answer {
  const at = ([lon, lat]: Position) => ({ lon, lat, search_cutoff: 1_000 })
  return async (service, asked, query) => {
    const common = { costing: 'auto', format: 'osrm', shape_format: 'polyline6', units: 'kilometers' }
    const located = (await client.locate({ ...common, format: 'json', locations: asked.map(at) })) as {
      edges: unknown
    }[]
    const nowhere = located.findIndex(({ edges }) => !Array.isArray(edges) || edges.length === 0)
    if (nowhere >= 0) {
      return { code: 'NoSegment', message: `Could not find a matching segment for coordinate ${nowhere}` }
    }
    const chosen = (key: string) =>
      query
        .get(key)!
        .split(';')
        .map((index) => at(asked[Number(index)]!))
    const answer =
      service === 'route'
        ? client.route({ ...common, locations: asked.map(at) })
        : service === 'table'
          ? client.matrix({ ...common, sources: chosen('sources'), targets: chosen('destinations') })
          : client.traceRoute({
              ...common,
              shape: asked.map(([lon, lat]) => ({ lon, lat, type: 'break' })),
              shape_match: 'map_snap',
            })
    const read: unknown = await answer
    return typeof read === 'string' ? (JSON.parse(read) as object) : (read as object)
  }
}
