import { z } from 'zod'

const position = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])
const metres = z.number().min(0).max(1e6)

const point = z.union([
  position,
  z.object({
    position,
    bearing: z.number().min(0).max(360).optional(),
    tolerance: z.number().min(0).max(180).optional(),
    radius: metres.optional(),
  }),
])

/** Several hundred thousand pairs are a second of work; more belongs into the host's own process. */
const mostPlaces = 1_000

export const routeSchema = z.object({
  points: z.array(point).min(2).max(100),
  radius: metres.optional(),
  instructions: z.union([z.enum(['en', 'de', 'fr', 'es']), z.literal(false)]).optional(),
  annotations: z.boolean().optional(),
  alternatives: z.int().min(0).max(5).optional(),
})

export const matrixSchema = z.object({
  sources: z.array(point).min(1).max(mostPlaces),
  targets: z.array(point).min(1).max(mostPlaces).optional(),
  radius: metres.optional(),
})

export const isochroneSchema = z.object({
  from: point,
  durations: z.array(z.number().min(0).max(86_400)).min(1).max(10),
  radius: metres.optional(),
  cell: z.number().min(10).max(100_000).optional(),
})

export const matchSchema = z.object({
  fixes: z.array(position).max(5_000),
  accuracy: z.number().min(0.1).max(10_000).optional(),
  radius: metres.optional(),
})

const found = z.object({ position, distance: z.number(), name: z.string() })

const instruction = z.looseObject({
  maneuver: z.string(),
  text: z.string(),
  name: z.string(),
  distance: z.number(),
  duration: z.number(),
  position,
  point: z.int(),
})

const way = z.looseObject({
  distance: z.number(),
  duration: z.number(),
  geometry: z.array(position),
  legs: z.array(z.looseObject({ distance: z.number(), duration: z.number(), from: found, to: found })),
  instructions: z.array(instruction),
})

const notFound = z.object({
  found: z.literal(false),
  reason: z.enum(['no-road', 'unreachable']),
  point: z.int(),
})

export const routeResultSchema = z.union([way.extend({ found: z.literal(true), attribution: z.string() }), notFound])

/** Rows of cells, null where no way leads. */
const cells = z.array(z.array(z.number().nullable()))

export const matrixResultSchema = z.object({
  durations: cells,
  distances: cells,
  sources: z.array(found.nullable()),
  targets: z.array(found.nullable()),
})

const contour = z.looseObject({
  duration: z.number(),
  roads: z.looseObject({ type: z.literal('MultiLineString') }),
  area: z.looseObject({ type: z.literal('MultiPolygon') }),
})

export const isochroneResultSchema = z.union([
  z.object({ found: z.literal(true), contours: z.array(contour), attribution: z.string() }),
  notFound,
])

export const matchResultSchema = z.object({
  parts: z.array(way.extend({ firstFix: z.int(), lastFix: z.int() })),
  fixes: z.array(found.nullable()),
  attribution: z.string(),
})
