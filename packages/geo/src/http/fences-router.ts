import type { Clock, Logger } from '@exprsn/core'
import { createRouter, replyContent, type Router, type RouterOptions } from '@exprsn/core/http'
import type { DatabaseFences, FenceEvent, FenceFeature, Fences, Fix } from '../fence/index.ts'
import { drawMap } from '../picture/index.ts'
import { servingErrors } from './errors.ts'
import { collectionSchema, eventsSchema, fenceSchema, fixesSchema, idsSchema, placeSchema } from './schemas.ts'

/** Options of {@link fencesRouter} and `createFencesHandler`. */
export interface FencesRouterOptions extends Pick<RouterOptions, 'rateLimit' | 'prefix'> {
  /** What answers the routes. */
  readonly fences: Fences
  /** Who may ask. Whoever may, can change the fences: `false` only where nobody else reaches it. */
  readonly auth: Exclude<RouterOptions['auth'], undefined> | false
  /** Where the objects are kept instead of in `fences`. @default in memory */
  readonly tracked?: Pick<DatabaseFences, 'update' | 'fencesOf'> | undefined
  /** Told of every change to the fences, to store it: `postgisFences` for one. Its error is the answer, and nothing changes. */
  readonly onChange?: ((change: FenceChange) => Promise<void>) | undefined
  /** Told of events, those of changed fences included, before they are answered. */
  readonly onEvents?: ((events: readonly FenceEvent[]) => Promise<void> | void) | undefined
  /** Told about what goes wrong on our side. @default silentLogger */
  readonly logger?: Logger | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** A fence that was put or removed over HTTP. */
export type FenceChange = { readonly put: FenceFeature } | { readonly removed: string }

/**
 * Geofences over HTTP as a router, to be mounted into the host's own: fences as GeoJSON, fixes in, events out, and a picture.
 *
 * @example
 * ```ts
 * import { createFences } from '@exprsn/geo/fence'
 * import { fencesRouter } from '@exprsn/geo/http'
 *
 * const router = fencesRouter({ fences: createFences(), auth: false })
 * const response = await router.fetch(new Request('http://localhost/fences'))
 * console.log(await response.text()) // {"type":"FeatureCollection","features":[]}
 * ```
 */
export function fencesRouter(options: FencesRouterOptions): Router {
  const { fences, tracked, onChange, onEvents, auth, rateLimit, prefix, logger, clock } = options
  const tell = async (events: readonly FenceEvent[]): Promise<{ events: readonly FenceEvent[] }> => {
    if (events.length > 0) await onEvents?.(events)
    return { events }
  }
  const find = (id: string): FenceFeature => {
    const found = fences.feature(id)
    if (found === undefined) throw servingErrors.GEO_FENCE_NOT_FOUND({ id })
    return found
  }
  const tags = ['fences']

  return createRouter({ auth: auth === false ? undefined : auth, rateLimit, prefix, logger, clock })
    .route({
      method: 'GET',
      path: '/fences',
      summary: 'All fences as GeoJSON',
      tags,
      responses: { 200: collectionSchema },
      handler: () => ({ type: 'FeatureCollection', features: fences.features() }),
    })
    .route({
      method: 'GET',
      path: '/fences.svg',
      summary: 'All fences as a picture',
      tags,
      responses: { 200: 'An SVG picture.' },
      handler: () => replyContent(drawMap(fences.features().map(titled)), { type: 'image/svg+xml' }),
    })
    .route({
      method: 'GET',
      path: '/fences/:id',
      summary: 'One fence as GeoJSON',
      tags,
      responses: { 200: fenceSchema, 404: 'There is no such fence.' },
      handler: ({ params }) => find(params.id),
    })
    .route({
      method: 'PUT',
      path: '/fences/:id',
      summary: 'Adds or replaces a fence',
      description: 'Answers with the events of objects that are no longer inside.',
      tags,
      body: fenceSchema,
      responses: { 200: eventsSchema, 400: 'The fence is not valid.' },
      handler: async ({ params, body }) => {
        const feature = { ...body, id: params.id } as unknown as FenceFeature
        fences.check(feature)
        await onChange?.({ put: feature })
        return tell(fences.put(feature))
      },
    })
    .route({
      method: 'DELETE',
      path: '/fences/:id',
      summary: 'Takes a fence away',
      description: 'Answers with the exits of objects that were inside.',
      tags,
      responses: { 200: eventsSchema, 404: 'There is no such fence.' },
      handler: async ({ params }) => {
        find(params.id)
        await onChange?.({ removed: params.id })
        return tell(fences.remove(params.id))
      },
    })
    .route({
      method: 'GET',
      path: '/locate',
      summary: 'The fences that contain a place',
      tags,
      query: placeSchema,
      responses: { 200: idsSchema },
      handler: ({ query }) => ({ fences: fences.locate([query.longitude, query.latitude]) }),
    })
    .route({
      method: 'POST',
      path: '/fixes',
      summary: 'Takes fixes of moving objects',
      description: 'Answers with what they show. All of them are taken, or none.',
      tags: ['objects'],
      body: fixesSchema,
      bodyLimit: 4 * 2 ** 20,
      responses: { 200: eventsSchema, 400: 'A fix is not valid.' },
      handler: async ({ body }) => {
        const fixes = body.fixes.map(fixOf)
        return tell(tracked === undefined ? fences.updateAll(fixes) : await tracked.update(fixes))
      },
    })
    .route({
      method: 'GET',
      path: '/objects/:id/fences',
      summary: 'The fences that an object is in',
      tags: ['objects'],
      responses: { 200: idsSchema },
      handler: async ({ params }) => ({ fences: await (tracked ?? fences).fencesOf(params.id) }),
    })
}

type SentFix = { id: string; position: readonly number[]; time: string | number; accuracy?: number | undefined }

function fixOf({ id, position, time, accuracy }: SentFix): Fix {
  const [longitude, latitude] = position
  return { id, position: [longitude!, latitude!], time: typeof time === 'string' ? Date.parse(time) : time, accuracy }
}

function titled(feature: FenceFeature): FenceFeature {
  return { ...feature, properties: { title: String(feature.id), ...feature.properties } }
}
