import { createRouter, reply, replyContent, type Router } from '@exprsn/core/http'
import { plansRouter } from '@exprsn/geo/http'
import { drawPlanGantt, drawPlanMap, explain, type Planner, type Vehicle } from '@exprsn/geo/optimize'
import { z } from 'zod'
import type { Dispatch, Standing } from './dispatch.ts'
import { page } from './page.ts'

const order = z.strictObject({
  id: z.string().min(1).max(80),
  position: z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]),
  boxes: z.int().min(0).max(1_000),
  window: z.tuple([z.number(), z.number()]).optional(),
  service: z.number().min(0).max(7_200).optional(),
})

/** Everything that the service offers. Behind a gateway; give `auth` where others can reach it. */
export function deliveryRoutes(
  dispatch: Dispatch,
  {
    planner,
    fleet,
    now,
  }: { readonly planner: Planner; readonly fleet: readonly Vehicle[]; readonly now: () => number },
): Router {
  const drawn = async (draw: (standing: Standing) => string) => {
    const standing = await dispatch.standing()
    return standing === undefined
      ? reply({ title: 'There is no plan yet.', status: 404 }, { status: 404 })
      : replyContent(draw(standing), { type: 'image/svg+xml' })
  }
  return createRouter()
    .mount('', plansRouter({ planner, auth: false }))
    .route({
      method: 'POST',
      path: '/orders',
      summary: 'Takes an order; where there is a plan, it is fitted in',
      body: order,
      handler: ({ body }) => dispatch.order(body),
    })
    .route({
      method: 'POST',
      path: '/day',
      summary: 'Plans the day anew',
      body: z.strictObject({ milliseconds: z.number().positive().max(60_000).default(2_000) }),
      handler: ({ body }) => dispatch.plan(body.milliseconds),
    })
    .route({
      method: 'POST',
      path: '/vans/:id/late',
      summary: 'A van has lost time: the plan is fitted to it',
      body: z.strictObject({ minutes: z.number().positive().max(1_440) }),
      handler: ({ params, body }) =>
        fleet.some(({ id }) => id === params.id)
          ? dispatch.late(params.id, body.minutes)
          : reply({ title: 'There is no such van.', status: 404 }, { status: 404 }),
    })
    .route({
      method: 'GET',
      path: '/day',
      summary: 'The plan as it stands',
      handler: async () => (await dispatch.standing())?.plan ?? { routes: [], unassigned: [] },
    })
    .route({
      method: 'GET',
      path: '/day/why',
      summary: 'Why it is so, for people',
      handler: async () => {
        const standing = await dispatch.standing()
        return replyContent(
          standing === undefined
            ? 'There is no plan yet.\n'
            : explain(standing.problem, standing.plan, { now: now() }).text,
        )
      },
    })
    .route({
      method: 'GET',
      path: '/day/gantt.svg',
      summary: 'Who brings what when',
      handler: () =>
        drawn(({ problem, plan }) => drawPlanGantt(problem, plan, { title: 'Who brings what when', now: now() })),
    })
    .route({
      method: 'GET',
      path: '/day/map.svg',
      summary: 'Where they drive',
      handler: () => drawn(({ problem, plan }) => drawPlanMap(problem, plan, { title: 'Where they drive' })),
    })
    .route({
      method: 'GET',
      path: '/',
      summary: 'The dispatcher’s page',
      handler: () => replyContent(page, { type: 'text/html; charset=utf-8' }),
    })
}
