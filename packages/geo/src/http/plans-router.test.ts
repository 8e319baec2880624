import { apiKeyAuth } from '@exprsn/core/http'
import { checkSolution, createPlanner, type Planner, type Problem } from '@exprsn/geo/optimize'
import { afterAll, describe, expect, it } from 'vitest'
import { createPlansHandler, type PlansRouterOptions } from './index.ts'

const planner = createPlanner({ threads: 0, timeLimit: '200ms', maxVisits: 50, maxWaiting: 3 })
afterAll(() => planner.close())

function served(options: Partial<PlansRouterOptions> = {}, own: Planner = planner) {
  const handler = createPlansHandler({ planner: own, auth: false, ...options })
  return async (method: string, path: string, body?: unknown) => {
    const headers = { 'content-type': 'application/json' }
    const text = body === undefined ? {} : { body: JSON.stringify(body), headers }
    const response = await handler(new Request(`http://localhost${path}`, { method, ...text }))
    const content = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true
    return {
      ...{ status: response.status, headers: response.headers, text: content },
      body: isJson ? JSON.parse(content) : undefined,
    }
  }
}

const problem: Problem = {
  vehicles: [{ id: 'van', start: [9.52, 47.14], end: [9.52, 47.14], capacity: [4], window: [0, 40_000] }],
  stops: [
    { id: 'bakery', place: [9.53, 47.16], deliver: [3], service: 600 },
    { id: 'clinic', place: [9.5, 47.2], deliver: [1], windows: [[3_600, 7_200]] },
    { id: 'quarry', place: [9.5, 47.18], deliver: [9] },
  ],
}

/** Events of a stream: name and data. */
const eventsIn = (text: string) =>
  text
    .split('\n\n')
    .filter((block) => block.includes('data: '))
    .map((block) => ({ event: /event: (.*)/.exec(block)![1], data: JSON.parse(/data: (.*)/.exec(block)![1]!) }))

describe('plans over HTTP', () => {
  const ask = served()

  it('take a problem, tell how far they are, and give the plan, the reasons and the pictures', async () => {
    const taken = await ask('POST', '/plans', { problem, iterations: 1_000_000, timeLimit: 60_000 })
    expect([taken.status, taken.body.status]).toEqual([202, 'waiting'])
    const path = taken.headers.get('location')!
    expect(path).toBe(`/plans/${taken.body.id}`)
    const early = await ask('GET', `${path}/gantt.svg`)
    expect([early.status, early.body.code]).toEqual([409, 'GEO_PLAN_NOT_READY'])
    const events = eventsIn((await ask('GET', `${path}/events`)).text)
    expect(events[0]!.event).toBe('waiting')
    const told = events.find(({ data }) => data.progress !== undefined)!
    expect(told).toMatchObject({
      event: 'running',
      data: { progress: { unassigned: 1, routes: 1, gap: expect.any(Number), cost: expect.any(Number) } },
    })
    expect(told.data.progress.iterations).toBeGreaterThan(0)
    const last = events.at(-1)!
    expect([last.event, last.data.plan.unassigned[0].reason]).toEqual(['done', 'capacity'])
    expect(checkSolution(problem, last.data.plan)).toEqual([])
    expect((await ask('GET', path)).body).toEqual(last.data)
    const why = await ask('GET', `${path}/explanation`)
    expect(why.body.text).toContain('quarry: It is more than any vehicle that may take it can carry.')
    for (const picture of ['gantt.svg', 'map.svg']) {
      const { status, text, headers } = await ask('GET', `${path}/${picture}`)
      expect([status, headers.get('content-type'), text.startsWith('<svg')]).toEqual([200, 'image/svg+xml', true])
    }
    const { plans } = (await ask('GET', '/plans')).body
    expect([plans[0].id, plans[0].plan]).toEqual([taken.body.id, undefined])
  })

  it('can be ended', async () => {
    const { body } = await ask('POST', '/plans', { problem, timeLimit: 60_000 })
    expect((await ask('DELETE', `/plans/${body.id}`)).body.status).toBe('cancelled')
    expect(eventsIn((await ask('GET', `/plans/${body.id}/events`)).text).map(({ event }) => event)).toEqual([
      'cancelled',
    ])
  })

  it('begin with a running plan', async () => {
    const initial = { routes: [{ vehicle: 'van', steps: [{ id: 'clinic' }, { id: 'bakery' }] }] }
    const { body } = await ask('POST', '/plans', { problem, initial, running: true })
    const [done] = eventsIn((await ask('GET', `/plans/${body.id}/events`)).text).slice(-1)
    expect(done!.data.plan.statistics.milliseconds).toBeLessThan(60_000)
    expect(done!.data.plan.unassigned).toHaveLength(1)
  })

  it('take what JSON says in its own way: no end, no way', async () => {
    const open = {
      vehicles: [{ id: 'van', start: 0, window: [5, null] }],
      stops: [
        { id: 'a', place: 1, windows: [[0, null]] },
        { id: 'b', place: 2 },
      ],
      matrix: { rows: 3, columns: 3, durations: [0, 7, null, 7, 0, null, 7, 7, 0] },
    }
    const { body } = await ask('POST', '/plans', { problem: open, iterations: 20 })
    const [done] = eventsIn((await ask('GET', `/plans/${body.id}/events`)).text).slice(-1)
    expect(done!.data.plan).toMatchObject({ cost: 7, unassigned: [{ stop: 'b', reason: 'unreachable' }] })
    const map = await ask('GET', `/plans/${body.id}/map.svg`)
    expect([map.status, map.body.code]).toEqual([400, 'GEO_PICTURE_INVALID'])
  })

  it.each<[string, unknown, number, string | RegExp]>([
    ['no problem', {}, 400, /problem/],
    ['a field that there is not', { problem: { ...problem, colour: 1 } }, 400, /colour/],
    ['a router from outside', { problem: { ...problem, router: {} } }, 400, /router/],
    [
      'an inverted window',
      { problem: { ...problem, stops: [{ ...problem.stops![0], windows: [[9, 8]] }] } },
      400,
      /stops\[0\]\.windows\[0\]/,
    ],
    [
      'a stop twice',
      { problem: { ...problem, stops: [problem.stops![0], problem.stops![0]] } },
      400,
      /stands there twice/,
    ],
    [
      'a matrix of the wrong shape',
      { problem: { vehicles: [], matrix: { rows: 2, columns: 1, durations: [] } } },
      400,
      /rows/,
    ],
    ['a time limit of 0', { problem, timeLimit: 0 }, 400, /timeLimit/],
    [
      'too many visits',
      { problem: { vehicles: [], stops: Array.from({ length: 51 }, (_, at) => ({ id: String(at), place: [9, 47] })) } },
      413,
      /51 visits/,
    ],
  ])('refuse %s', async (_, body, status, detail) => {
    const answer = await ask('POST', '/plans', body)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json'])
    expect(answer.text).toMatch(detail)
  })

  it('refuse bodies beyond their limit, problems beyond their number, and strangers', async () => {
    expect((await served({ bodyLimit: 100 })('POST', '/plans', { problem })).status).toBe(413)
    const ids: string[] = []
    let status = 202
    while (status === 202 && ids.length < 10) {
      const answer = await ask('POST', '/plans', { problem, timeLimit: 60_000 })
      status = answer.status
      if (status === 202) ids.push(answer.body.id)
    }
    expect([status, ids.length]).toEqual([429, 3])
    for (const id of ids) await ask('DELETE', `/plans/${id}`)
    const auth = apiKeyAuth({ keys: { verify: async () => undefined } as never })
    expect((await served({ auth })('GET', '/plans')).status).toBe(401)
  })

  it.each(['', '/events', '/explanation', '/gantt.svg', '/map.svg'])(
    'know no plan that is not there: %s',
    async (path) => {
      const { status, body } = await ask('GET', `/plans/nothing${path}`)
      expect([status, body.code]).toEqual([404, 'GEO_PLAN_JOB_NOT_FOUND'])
    },
  )
})
