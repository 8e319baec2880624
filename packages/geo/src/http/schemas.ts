import { z } from 'zod'

const position = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]).rest(z.number())

/** A fence as a GeoJSON feature; what is wrong with a ring the fences say themselves, naming the place. */
export const fenceSchema = z.looseObject({
  type: z.literal('Feature'),
  id: z.union([z.string(), z.number()]).optional(),
  geometry: z.looseObject({
    type: z.enum(['Polygon', 'MultiPolygon', 'Point', 'LineString']),
    coordinates: z.array(z.unknown()),
  }),
  properties: z.record(z.string(), z.unknown()).nullable().optional(),
})

/** Fixes of one or more objects. */
export const fixesSchema = z.object({
  fixes: z
    .array(
      z.object({
        id: z.string().min(1).max(200),
        position,
        /** An instant (RFC 3339), or milliseconds since 1970. */
        time: z.union([z.iso.datetime({ offset: true }), z.number()]),
        accuracy: z.number().min(0).optional(),
      }),
    )
    .max(10_000),
})

export const eventsSchema = z.object({
  events: z.array(
    z.object({
      type: z.enum(['enter', 'exit', 'dwell', 'cross', 'approach']),
      fence: z.string(),
      object: z.string(),
      time: z.iso.datetime(),
      confirmed: z.iso.datetime(),
      position,
      duration: z.number().optional(),
      reason: z.enum(['removed', 'changed', 'lost']).optional(),
    }),
  ),
})

export const collectionSchema = z.object({ type: z.literal('FeatureCollection'), features: z.array(fenceSchema) })

export const placeSchema = z.object({
  longitude: z.coerce.number().min(-180).max(180),
  latitude: z.coerce.number().min(-90).max(90),
})

export const idsSchema = z.object({ fences: z.array(z.string()) })
