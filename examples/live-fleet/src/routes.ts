import { createRouter, replyContent, type Router as HttpRouter } from '@exprsn/core/http'
import type { AvoidedArea } from '@exprsn/geo/routing'
import { drawMap } from '@exprsn/geo/picture'
import { fencesRouter, routesRouter } from '@exprsn/geo/http'
import { z } from 'zod'
import type { Fleet } from './fleet.ts'
import type { Roads } from './roads.ts'

const place = z.object({
  longitude: z.coerce.number().min(-180).max(180),
  latitude: z.coerce.number().min(-90).max(90),
})
const areas = z.object({
  areas: z.array(z.looseObject({ type: z.enum(['Polygon', 'MultiPolygon']), coordinates: z.array(z.unknown()) })),
})

/** Everything that the service offers. Behind a gateway; give `auth` where others can reach it. */
export function fleetRoutes(fleet: Fleet, roads: Roads): HttpRouter {
  const { fences, tracked, positions } = fleet
  return createRouter()
    .mount('', fencesRouter({ fences, tracked, auth: false }))
    .mount('', routesRouter({ router: roads.router, auth: false }))
    .route({
      method: 'GET',
      path: '/vehicles',
      summary: 'Where the vehicles are',
      handler: () => Object.fromEntries(positions),
    })
    .route({
      method: 'GET',
      path: '/vehicles/:id/arrival',
      summary: 'How long a vehicle takes to a place',
      query: place,
      handler: async ({ params, query: { longitude, latitude } }) => {
        const position = positions.get(params.id)
        if (position === undefined) return { found: false, reason: 'no-position' }
        const route = await roads.router.route({ points: [position, [longitude, latitude]], instructions: false })
        return route.found ? { found: true, seconds: route.duration, metres: route.distance } : route
      },
    })
    .route({
      method: 'PUT',
      path: '/closures',
      summary: 'Closes all streets in these areas, and opens those of before',
      body: areas,
      handler: ({ body }) => {
        roads.close(body.areas as unknown as readonly AvoidedArea[])
        return { closed: roads.closed.length }
      },
    })
    .route({
      method: 'GET',
      path: '/visits',
      summary: 'What fences told, after a number',
      query: z.object({ after: z.coerce.number().int().min(0).default(0) }),
      handler: async ({ query }) => ({ visits: await fleet.visits(query.after) }),
    })
    .route({
      method: 'GET',
      path: '/fleet.svg',
      summary: 'The fleet as a picture',
      handler: () => replyContent(picture(fleet, roads), { type: 'image/svg+xml' }),
    })
}

function picture({ fences, positions }: Fleet, { closed }: Roads): string {
  return drawMap([
    ...fences.features().map((fence) => ({ ...fence, properties: { title: String(fence.id), ...fence.properties } })),
    ...closed.map((geometry) => ({ type: 'Feature' as const, geometry, properties: { title: 'closed' } })),
    ...[...positions].map(([title, coordinates]) => ({
      type: 'Feature' as const,
      geometry: { type: 'Point' as const, coordinates },
      properties: { title },
    })),
  ])
}
