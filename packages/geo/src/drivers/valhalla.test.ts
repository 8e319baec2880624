import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { createClient } from '@exprsn/core/client'
import { sharedData } from '@exprsn/real-servers/shared-data'
import { findValhalla } from '@exprsn/real-servers/valhalla'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Position } from '../coordinates/position.ts'
import { metresBetween } from '../coordinates/sphere.ts'
import { buildGraph, openRouter, profiles, readOsm, type Router } from '../routing/index.ts'
import { decodePolyline } from './polyline/decode-polyline.ts'
import { valhallaRouter, valhallaServer, type ValhallaClient } from './valhalla.ts'

// Valhalla for Node is large and native: it is installed when it is first needed.
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
  `Valhalla itself, beside the router of this package${missing === undefined ? '' : `: ${missing}`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'exprsn-valhalla-'))
    let theirs: Router
    let ours: Router
    let client: ValhallaClient
    beforeAll(async () => {
      const { Actor, getConfig } = await import(pathToFileURL(join(installed, 'index.mjs')).href)
      const config = await getConfig({ tileDir: join(folder, 'tiles'), tileExtract: '' })
      writeFileSync(join(folder, 'config.json'), JSON.stringify(config))
      const build = [join(installed, 'bin/valhalla-cli.js'), 'build_tiles', '-c', join(folder, 'config.json'), extract!]
      // It writes a list of duplicates to where it runs.
      await promisify(execFile)(process.execPath, build, { maxBuffer: 2 ** 28, cwd: folder })
      client = new Actor(config) as ValhallaClient
      theirs = valhallaRouter({ client })
      ours = await openRouter(await buildGraph(readOsm(extract!), { profile: profiles.car }))
    }, 60_000)
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    it('gives routes of the same shape and about the same length', async () => {
      for (const [index, from] of places.entries()) {
        const to = places[(index + 1) % places.length]!
        const request = { points: [from, to], instructions: 'de', emissions: { gramsPerKilometre: 100 } } as const
        const [a, b] = [await theirs.route(request), await ours.route(request)]
        if (!a.found || !b.found) throw new Error('no route')
        expect(a.distance / b.distance).toBeGreaterThan(0.7)
        expect(a.distance / b.distance).toBeLessThan(1.4)
        expect(metresBetween(...a.geometry.at(-1)!, ...to)).toBeLessThan(150)
        expect(a.legs[0]!.co2e).toBeCloseTo(a.distance / 10, 6)
        expect(a.legs[0]!.last).toBe(a.geometry.length - 1)
        expect(a.instructions[0]!.maneuver).toBe('depart')
        expect(a.instructions.at(-1)!.maneuver).toBe('arrive')
        expect(a.instructions.map(({ text }) => text).join()).toMatch(/abbiegen|halten|fahren/i)
        for (const { point, position } of a.instructions) expect(a.geometry[point]).toEqual(position)
      }
    })

    it('goes over via points, and answers the sea with which point it is', async () => {
      const route = await theirs.route({ points: places.slice(0, 3), instructions: false })
      expect(route.found && [route.legs.length, route.legs[1]!.first === route.legs[0]!.last]).toEqual([2, true])
      expect(await theirs.route({ points: [places[0]!, sea] })).toEqual({ found: false, reason: 'no-road', point: 1 })
    })

    it('gives tables with NaN for the sea', async () => {
      const table = await theirs.matrix({ sources: [places[0]!, sea, places[1]!], targets: places })
      expect([table.rows, table.columns]).toEqual([3, 4])
      expect([...table.durations.slice(4, 8)]).toEqual([NaN, NaN, NaN, NaN])
      expect(table.durations[0]).toBe(0)
      expect(table.distances[1]).toBeGreaterThan(900)
      expect(table.sources[1]).toBeUndefined()
    })

    it('gives areas and matched ways', async () => {
      const result = await theirs.isochrone({ from: places[0]!, durations: [60, 180] })
      expect(result.found && result.contours.map(({ area }) => area.coordinates.length > 0)).toEqual([true, true])
      expect(await theirs.isochrone({ from: sea, durations: [60] })).toMatchObject({ found: false })
      const route = await ours.route({ points: [places[0]!, places[1]!], instructions: false })
      if (!route.found) throw new Error('no route')
      const { parts, fixes } = await theirs.match({ fixes: route.geometry })
      expect(parts[0]!.distance / route.distance).toBeGreaterThan(0.8)
      expect(fixes.every((fix) => fix!.distance < 100)).toBe(true)
    })

    it('is asked over HTTP just so', async () => {
      const answer = async (request: IncomingMessage, response: ServerResponse) => {
        const chunks: Buffer[] = []
        for await (const chunk of request) chunks.push(chunk as Buffer)
        const query = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>
        const action = request.url!.slice('/v1/'.length)
        const methods = { sources_to_targets: 'matrix', trace_route: 'traceRoute' } as Record<
          string,
          keyof ValhallaClient
        >
        try {
          response.end(JSON.stringify(await client[methods[action] ?? (action as keyof ValhallaClient)](query)))
        } catch (error) {
          response.writeHead(400).end(JSON.stringify({ error: (error as Error).message }))
        }
      }
      const server = createServer((request, response) => void answer(request, response))
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      await using http = createClient({ allow: { loopbackAddresses: true } })
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`
      const router = valhallaRouter({ client: valhallaServer({ url, client: http }) })
      expect(await router.route({ points: places })).toEqual(await theirs.route({ points: places }))
      expect(await router.matrix({ sources: places })).toEqual(await theirs.matrix({ sources: places }))
      expect(await router.route({ points: [sea, places[0]!] })).toMatchObject({ reason: 'no-road', point: 0 })
      server.close()
    })
  },
)

describe('the router over Valhalla', () => {
  const asking = (route: () => Promise<unknown>) =>
    valhallaRouter({
      client: {
        route,
        matrix: route,
        isochrone: route,
        traceRoute: route,
        locate: async () => places.map(() => ({ edges: [{ distance: 3 }] })),
      },
    })

  it('says unreachable where Valhalla finds no path, and throws what else goes wrong', async () => {
    const unreachable = asking(async () => {
      throw new Error('Route error: No path could be found for input')
    })
    expect(await unreachable.route({ points: places })).toMatchObject({ found: false, reason: 'unreachable' })
    expect([...(await unreachable.matrix({ sources: places })).durations].every(Number.isNaN)).toBe(true)
    expect((await unreachable.match({ fixes: places })).parts).toEqual([])
    const broken = asking(async () => {
      throw new Error('out of memory')
    })
    await expect(broken.route({ points: places })).rejects.toMatchObject({
      code: 'GEO_VALHALLA_FAILED',
      details: { action: 'route', reason: 'out of memory' },
    })
  })

  it('checks requests before it asks, and answers nothing once closed', async () => {
    const router = asking(async () => expect.fail('asked'))
    await expect(router.route({ points: [[200, 0], places[0]!] })).rejects.toThrow('points[0]')
    await expect(router.route({ points: [places[0]!] })).rejects.toThrow('two or more')
    await expect(router.isochrone({ from: places[0]!, durations: [] })).rejects.toThrow('durations')
    await router[Symbol.asyncDispose]()
    await expect(router.route({ points: places })).rejects.toMatchObject({ code: 'GEO_ROUTER_CLOSED' })
  })

  it('reads polylines, and comes to an end with one that is cut off', () => {
    // The worked example of the format's documentation.
    const example = '_p~iF~ps|U_ulLnnqC_mqNvxq`@'
    expect(decodePolyline(example, 5)).toEqual([
      [-120.2, 38.5],
      [-120.95, 40.7],
      [-126.453, 43.252],
    ])
    for (let length = 0; length < example.length; length++)
      expect(decodePolyline(example.slice(0, length), 5).length).toBeLessThan(4)
  })
})
