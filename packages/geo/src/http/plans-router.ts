import type { Clock, Logger } from '@exprsn/core'
import {
  createRouter,
  eventStream,
  reply,
  replyContent,
  type Router as HttpRouter,
  type RouterOptions,
} from '@exprsn/core/http'
import type { z } from 'zod'
import {
  drawPlanGantt,
  drawPlanMap,
  explain,
  type PlanJob,
  type Planner,
  type Problem,
  type SolvedProblem,
  type TimeWindow,
  type TravelMatrix,
} from '../optimise/index.ts'
import { servingErrors } from './errors.ts'
import { explanationSchema, planJobSchema, planJobsSchema, planRequestSchema } from './plan-schemas.ts'

/** Options of {@link plansRouter} and `createPlansHandler`. */
export interface PlansRouterOptions extends Pick<RouterOptions, 'rateLimit' | 'prefix'> {
  /** What solves and keeps plans, with its limits; the host's to close. */
  readonly planner: Planner
  /** Who may ask; each problem is work of this process. `false`: everyone. */
  readonly auth: Exclude<RouterOptions['auth'], undefined> | false
  /** Bytes of a problem: a matrix of 600 places is some 3 MB. @default 8 MiB */
  readonly bodyLimit?: number | undefined
  /** Told about what goes wrong on our side. @default silentLogger */
  readonly logger?: Logger | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * Route optimisation over HTTP as a router, to be mounted into the host's own: a problem in, progress as server-sent events, the plan, why
 * it is so, and two pictures. Problems are solved in the planner's threads.
 *
 * @example
 * ```ts
 * import { plansRouter } from '@exprsn/geo/http'
 * import { createPlanner } from '@exprsn/geo/optimize'
 *
 * await using planner = createPlanner({ threads: 0 })
 * const stops = [{ id: 'bakery', place: [9.53, 47.16] }]
 * const body = JSON.stringify({ problem: { vehicles: [{ id: 'van', start: [9.52, 47.14] }], stops }, iterations: 10 })
 * const headers = { 'content-type': 'application/json' }
 * const request = new Request('http://localhost/plans', { method: 'POST', headers, body })
 * const response = await plansRouter({ planner, auth: false }).fetch(request)
 * console.log(response.status) // 202
 * ```
 */
export function plansRouter(options: PlansRouterOptions): HttpRouter {
  const { planner, auth, rateLimit, prefix, logger, clock, bodyLimit = 8 * 2 ** 20 } = options
  const tags = ['plans']
  const missing = 'There is no such plan.'
  const finished = (id: string): SolvedProblem => {
    const solved = planner.solved(id)
    if (solved === undefined) throw servingErrors.GEO_PLAN_NOT_READY({ id })
    return solved
  }
  return createRouter({ auth: auth === false ? undefined : auth, rateLimit, prefix, logger, clock })
    .route({
      method: 'POST',
      path: '/plans',
      summary: 'Takes a problem of vehicles and stops',
      description:
        'The fields are those of the package’s type Problem; windows without an end and cells without a way are null. With `running`, `initial` is fitted to the problem in some 80 ms unless a limit is given.',
      tags,
      body: planRequestSchema,
      bodyLimit,
      responses: {
        202: planJobSchema,
        400: 'The problem is not valid.',
        413: 'It is larger than the planner takes.',
        429: 'Too many problems are waiting.',
      },
      handler: ({ body }) => {
        const { problem, running, timeLimit, ...rest } = body
        const limit = timeLimit ?? (running === true && rest.iterations === undefined ? 80 : undefined)
        const job = planner.submit(problemOf(problem), { ...rest, running, timeLimit: limit })
        return reply(plainJob(job), { status: 202, headers: { location: `${prefix ?? ''}/plans/${job.id}` } })
      },
    })
    .route({
      method: 'GET',
      path: '/plans',
      summary: 'All plans that are kept, the newest first, without their routes',
      tags,
      responses: { 200: planJobsSchema },
      handler: () => ({ plans: planner.jobs().map(({ plan: _, ...job }) => plainJob(job)) }),
    })
    .route({
      method: 'GET',
      path: '/plans/:id',
      summary: 'How far a plan is, and the plan',
      tags,
      responses: { 200: planJobSchema, 404: missing },
      handler: ({ params }) => plainJob(planner.job(params.id)),
    })
    .route({
      method: 'GET',
      path: '/plans/:id/events',
      summary: 'Progress as server-sent events',
      description:
        'Events `waiting`, `running` (iterations, best cost so far, gap) and last `done`, `failed` or `cancelled`, each with the whole job as JSON.',
      tags,
      responses: { 200: 'A stream of events.', 404: missing },
      handler: ({ params, signal }) => {
        // An unknown plan is told before the stream begins.
        planner.job(params.id)
        return eventStream(eventsOf(planner, params.id, signal), { signal, clock })
      },
    })
    .route({
      method: 'DELETE',
      path: '/plans/:id',
      summary: 'Ends a plan that is not finished',
      tags,
      responses: { 200: planJobSchema, 404: missing },
      handler: ({ params }) => plainJob(planner.cancel(params.id)),
    })
    .route({
      method: 'GET',
      path: '/plans/:id/explanation',
      summary: 'Why a plan is as it is',
      tags,
      responses: { 200: explanationSchema, 404: missing, 409: 'It is not done.' },
      handler: ({ params }) => {
        const { problem, plan } = finished(params.id)
        return explain(problem, plan)
      },
    })
    .route({
      method: 'GET',
      path: '/plans/:id/gantt.svg',
      summary: 'Who does what when, as a picture',
      tags,
      responses: { 200: 'An SVG picture.', 404: missing, 409: 'It is not done.' },
      handler: ({ params }) => {
        const { problem, plan } = finished(params.id)
        return replyContent(drawPlanGantt(problem, plan), { type: 'image/svg+xml' })
      },
    })
    .route({
      method: 'GET',
      path: '/plans/:id/map.svg',
      summary: 'Where routes lead, as a picture',
      description: 'For problems whose places are positions.',
      tags,
      responses: { 200: 'An SVG picture.', 400: 'Places are rows.', 404: missing, 409: 'It is not done.' },
      handler: ({ params }) => {
        const { problem, plan, positions } = finished(params.id)
        return replyContent(drawPlanMap(problem, plan, { positions }), { type: 'image/svg+xml' })
      },
    })
}

async function* eventsOf(planner: Planner, id: string, signal: AbortSignal) {
  let count = 0
  for await (const job of planner.events(id, { signal }))
    yield { event: job.status, id: String(++count), data: plainJob(job) }
}

/** JSON has no Infinity. */
function plainJob(job: PlanJob): unknown {
  const { progress } = job
  if (progress === undefined || Number.isFinite(progress.cost)) return job
  return { ...job, progress: { ...progress, cost: null } }
}

type RequestedProblem = z.output<typeof planRequestSchema>['problem']
type RequestedWindow = readonly [number, number | null]

/** What JSON cannot say: windows without an end, cells without a way. */
function problemOf({ vehicles, stops, shipments, matrix, matrices, ...rest }: RequestedProblem): Problem {
  return {
    ...rest,
    vehicles: vehicles.map(({ window, breaks, ...vehicle }) => ({
      ...vehicle,
      window: window && openEnd(window),
      breaks: breaks?.map((pause) => ({ ...pause, windows: pause.windows.map(openEnd) })),
    })),
    stops: stops?.map(openEnds),
    shipments: shipments?.map(({ pickup, delivery, ...shipment }) => ({
      ...shipment,
      pickup: openEnds(pickup),
      delivery: openEnds(delivery),
    })),
    matrix: matrix && withoutWays(matrix),
    matrices:
      matrices && Object.fromEntries(Object.entries(matrices).map(([name, table]) => [name, withoutWays(table)])),
  }
}

function openEnds<Visit extends { readonly windows?: readonly RequestedWindow[] | undefined }>(visit: Visit) {
  return { ...visit, windows: visit.windows?.map(openEnd) }
}

function openEnd([opens, closes]: RequestedWindow): TimeWindow {
  return [opens, closes ?? Infinity]
}

function withoutWays({ durations, distances, ...size }: NonNullable<RequestedProblem['matrix']>): TravelMatrix {
  const cells = (list: readonly (number | null)[] | undefined) =>
    list && Float64Array.from(list, (cell) => cell ?? Infinity)
  return { ...size, durations: cells(durations), distances: cells(distances) }
}
