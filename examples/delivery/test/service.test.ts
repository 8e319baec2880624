import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Plan } from '@exprsn/geo/optimize'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startService, type Service } from '../src/service.ts'

const hour = 3_600
let folder: string
let service: Service
let clock = 6 * hour
const start = () => startService({ port: 0, folder, vans: 4, now: () => clock })
beforeEach(async () => {
  clock = 6 * hour
  folder = mkdtempSync(join(tmpdir(), 'exprsn-delivery-'))
  service = await start()
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
  const text = await response.text()
  expect(response.status, text).toBe(200)
  return response.headers.get('content-type')?.includes('json') === true ? JSON.parse(text) : text
}

const order = (at: number, extra: object = {}) => ({
  id: `A-${at}`,
  position: [9.44 + ((at * 7) % 17) / 100, 47.08 + ((at * 5) % 13) / 100],
  boxes: 3 + (at % 4),
  service: 900,
  ...(at % 3 === 0 ? { window: [8 * hour, 11 * hour] } : {}),
  ...extra,
})
const vanOf = (plan: Plan, id: string): string | undefined =>
  plan.routes.find(({ steps }) => steps.some((step) => step.id === id))?.vehicle

async function planned(count: number): Promise<Plan> {
  for (let at = 1; at <= count; at++) await ask('POST', '/orders', order(at))
  return ask('POST', '/day', { milliseconds: 400 })
}

describe('the service', () => {
  it('plans the morning, and takes each order once', async () => {
    const plan = await planned(24)
    expect(plan.unassigned).toEqual([])
    expect((await ask('POST', '/orders', order(1))).isNew).toBe(false)
    expect(vanOf(plan, 'A-24')).toMatch(/^van \d$/)
    expect(await ask('GET', '/')).toContain('/day/gantt.svg')
    for (const picture of ['gantt', 'map']) expect(await ask('GET', `/day/${picture}.svg`)).toMatch(/^<svg/)
    expect(await ask('GET', '/day/why')).toContain('24 visits')
  })

  it('gives the orders of a van that cannot leave to others, and what the process knew is there again', async () => {
    const plan = await planned(24)
    const [first] = plan.routes
    await service.close()
    service = await start()
    const news = await ask('POST', `/vans/${encodeURIComponent(first!.vehicle)}/late`, { minutes: 500 })
    expect(news.moved.length).toBeGreaterThan(0)
    const now: Plan = await ask('GET', '/day')
    const late = now.routes.find(({ vehicle }) => vehicle === first!.vehicle)
    expect(late?.steps[0]?.begin ?? Infinity).toBeGreaterThan(12 * hour)
    // Which windows the others could not keep is told with the reason.
    for (const { explanation } of now.unassigned) expect(explanation).toMatch(/\.$/)
  })

  it('leaves goods on board where they are, fetches new ones, and forgets what is done', async () => {
    const plan = await planned(24)
    clock = 8 * hour
    const before = new Map(
      plan.routes.flatMap(({ vehicle, steps }) => steps.map(({ id, begin }) => [id, { vehicle, begin }])),
    )
    const news = await ask('POST', '/orders', order(40, { id: 'urgent', window: [8 * hour, 16 * hour] }))
    expect([news.isNew, news.moved]).toEqual([true, []])
    const now: Plan = await ask('GET', '/day')
    for (const { vehicle, steps } of now.routes)
      for (const { id, type } of steps) {
        if (type !== 'stop') continue
        expect(before.get(id)).toMatchObject({ vehicle })
        expect(before.get(id)!.begin).toBeGreaterThan(8 * hour)
      }
    const van = now.routes.find(({ vehicle }) => vehicle === vanOf(now, 'urgent'))!
    expect(van.steps.flatMap(({ id, type }) => (id === 'urgent' ? [type] : []))).toEqual(['pickup', 'delivery'])
    // A van that is under way has lost time: what it brings comes later, and stays with it.
    const out = now.routes.find(({ steps }) => steps.some(({ type, begin }) => type === 'stop' && begin > 8 * hour))!
    await ask('POST', `/vans/${encodeURIComponent(out.vehicle)}/late`, { minutes: 30 })
    const later: Plan = await ask('GET', '/day')
    const own = later.routes.find(({ vehicle }) => vehicle === out.vehicle)!
    expect(own.steps[0]!.begin).toBeGreaterThanOrEqual(out.steps[0]!.begin + 30 * 60 - 1)
    expect(await ask('GET', '/day/why')).toContain(out.vehicle)
  })

  it('refuses what is no order, and vans that there are not', async () => {
    const status = async (path: string, body: unknown) =>
      (
        await fetch(`${service.url}${path}`, {
          method: 'POST',
          body: JSON.stringify(body),
          headers: { 'content-type': 'application/json' },
        })
      ).status
    expect(await status('/orders', { id: 'x', position: [9, 95], boxes: 1 })).toBe(400)
    expect(await status('/vans/nobody/late', { minutes: 5 })).toBe(404)
    expect((await fetch(`${service.url}/day/gantt.svg`)).status).toBe(404)
    expect(await ask('GET', '/day')).toEqual({ routes: [], unassigned: [] })
  })
})
