import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { crossing } from '../src/practice-town.ts'
import { startService, type Service } from '../src/service.ts'

let folder: string
let service: Service
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'exprsn-live-fleet-'))
  service = await startService({ port: 0, folder })
})
afterEach(async () => {
  await service.close()
  rmSync(folder, { recursive: true })
})

async function ask(method: string, path: string, body?: unknown) {
  const response = await fetch(`${service.url}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  expect(response.status).toBe(200)
  const text = await response.text()
  return response.headers.get('content-type')?.includes('json') === true ? JSON.parse(text) : text
}

const depot = {
  type: 'Feature',
  geometry: { type: 'Point', coordinates: crossing(5, 6) },
  properties: { radius: 150 },
}
const begin = Date.parse('2026-01-05T08:00:00Z')

describe('the service', () => {
  it('follows a van along its route and tells the fence on the way, once', async () => {
    await ask('PUT', '/fences/depot', depot)
    const route = await ask('POST', '/route', { points: [crossing(5, 1), crossing(5, 10)] })
    expect(route.found).toBe(true)
    expect(route.instructions.at(-1)).toMatchObject({ maneuver: 'arrive' })
    const fixes = Array.from({ length: 40 }, (_, at) => ({
      id: 'van-7',
      position: [crossing(5, 1 + (at * 9) / 39)[0], crossing(5, 1)[1]],
      time: begin + at * 5_000,
    }))
    await ask('POST', '/fixes', { fixes: fixes.slice(0, 20) })
    // The process ends in the midst of the drive, and the same fixes come again.
    await service.close()
    service = await startService({ port: 0, folder })
    await ask('PUT', '/fences/depot', depot)
    await ask('POST', '/fixes', { fixes: fixes.slice(15) })
    const { visits } = await ask('GET', '/visits')
    expect(visits.map(({ vehicle, fence, event }: Record<string, string>) => `${vehicle} ${event} ${fence}`)).toEqual([
      'van-7 enter depot',
      'van-7 exit depot',
    ])
    expect((await ask('GET', '/visits?after=1')).visits).toHaveLength(1)
    const [x, y] = (await ask('GET', '/vehicles'))['van-7']
    expect([x, y]).toEqual([expect.closeTo(crossing(5, 10)[0], 6), expect.closeTo(crossing(5, 10)[1], 6)])
    const svg = await ask('GET', '/fleet.svg')
    for (const title of ['van-7', 'depot']) expect(svg).toContain(`>${title}</text>`)
  })

  it('leads around streets that were closed a moment ago, and through them when they are open again', async () => {
    const [to] = [crossing(4, 10)]
    const arrival = () => ask('GET', `/vehicles/van-7/arrival?longitude=${to[0]}&latitude=${to[1]}`)
    expect(await arrival()).toEqual({ found: false, reason: 'no-position' })
    await ask('POST', '/fixes', { fixes: [{ id: 'van-7', position: crossing(4, 1), time: begin }] })
    const usual = await arrival()
    const [[west, south], [east, north]] = [crossing(3.5, 4.5), crossing(4.5, 5.5)]
    const ring = [
      [west, south],
      [east, south],
      [east, north],
      [west, north],
      [west, south],
    ]
    expect(await ask('PUT', '/closures', { areas: [{ type: 'Polygon', coordinates: [ring] }] })).toEqual({ closed: 1 })
    const around = await arrival()
    expect(around.seconds).toBeGreaterThan(usual.seconds + 10)
    expect(around.metres).toBeGreaterThan(usual.metres + 300)
    expect(await ask('GET', '/fleet.svg')).toContain('>closed</text>')
    await ask('PUT', '/closures', { areas: [] })
    expect(await arrival()).toEqual(usual)
  })
})
