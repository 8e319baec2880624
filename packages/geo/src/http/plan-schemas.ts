import { z } from 'zod'

const number = z.number()
const from0 = z.number().min(0)
const position = z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)])
const place = z.union([z.int().min(0), position])
/** Infinity is null in JSON: no end. */
const window = z.tuple([number, number.nullable()])
const amounts = z.array(from0)
const skills = z.array(z.string())

/** Cells in rows, one after the other; null: no way. */
const cells = z.array(number.nullable())

const matrix = z.strictObject({
  rows: z.int(),
  columns: z.int(),
  durations: cells.optional(),
  distances: cells.optional(),
})

const visit = {
  place,
  windows: z.array(window).optional(),
  service: from0.optional(),
  setup: from0.optional(),
}
const wish = {
  skills: skills.optional(),
  prize: from0.optional(),
  priority: z.number().min(0).max(100).optional(),
}

const stop = z.strictObject({
  id: z.string(),
  ...visit,
  deliver: amounts.optional(),
  pickUp: amounts.optional(),
  ...wish,
})

const shipment = z.strictObject({
  id: z.string(),
  pickup: z.strictObject(visit),
  delivery: z.strictObject(visit),
  amount: amounts.optional(),
  ...wish,
})

const hoursRules = z.strictObject({
  driving: number,
  break: number,
  breakBy: z.enum(['rest', 'not-driving']),
  splitBreak: z.tuple([from0, from0]).optional(),
  splitRest: z.tuple([from0, from0]).optional(),
  dailyDriving: number,
  longDays: from0.optional(),
  longDriving: from0.optional(),
  dailyRest: number,
  shortRests: from0.optional(),
  shortRest: from0.optional(),
  day: number,
  dayLimits: z.enum(['rest-included', 'driving']),
  totalDriving: from0.optional(),
  totalDuty: from0.optional(),
  week: from0.optional(),
})

const vehicle = z.strictObject({
  id: z.string(),
  start: place.optional(),
  end: place.optional(),
  capacity: amounts.optional(),
  skills: skills.optional(),
  window: window.optional(),
  profile: z.string().optional(),
  speed: number.optional(),
  costs: z
    .strictObject({
      fixed: from0.optional(),
      perMetre: from0.optional(),
      perSecond: from0.optional(),
      perDutySecond: from0.optional(),
    })
    .optional(),
  breaks: z.array(z.strictObject({ id: z.string(), windows: z.array(window), duration: from0 })).optional(),
  hours: z.union([z.enum(['eu-561', 'us-fmcsa']), hoursRules]).optional(),
  hoursSoFar: z
    .strictObject({
      driving: from0.optional(),
      dailyDriving: from0.optional(),
      dayBegan: number.optional(),
      hasRestPart: z.boolean().optional(),
      totalDriving: from0.optional(),
      totalDuty: from0.optional(),
      longDays: from0.optional(),
      shortRests: from0.optional(),
    })
    .optional(),
  maxDuty: from0.optional(),
  maxDriving: from0.optional(),
  maxDistance: from0.optional(),
  maxStops: from0.optional(),
  reload: z
    .strictObject({
      places: z.array(place).optional(),
      duration: from0.optional(),
      maxTrips: z.int().min(1).optional(),
    })
    .optional(),
  backhauls: z.boolean().optional(),
  locked: z.array(z.string()).optional(),
})

const objective = z.enum(['unassigned', 'vehicles', 'cost', 'distance', 'driving', 'duty', 'makespan', 'balance'])

const problem = z.strictObject({
  vehicles: z.array(vehicle),
  stops: z.array(stop).optional(),
  shipments: z.array(shipment).optional(),
  matrix: matrix.optional(),
  matrices: z.record(z.string(), matrix).optional(),
  straightLines: z.strictObject({ detour: from0.optional(), speed: from0.optional() }).optional(),
  groups: z
    .array(z.strictObject({ kind: z.enum(['together', 'apart', 'one-of']), stops: z.array(z.string()) }))
    .optional(),
  speeds: z
    .strictObject({
      period: from0.optional(),
      factors: z.array(z.strictObject({ from: from0, factor: from0 })),
    })
    .optional(),
  objectives: z
    .array(z.union([objective, z.array(z.strictObject({ minimise: objective, weight: number.optional() }))]))
    .optional(),
})

export const planRequestSchema = z.strictObject({
  problem,
  /** Milliseconds. */
  timeLimit: z.number().positive().optional(),
  iterations: z.int().min(0).optional(),
  seed: z.int().optional(),
  initial: z
    .looseObject({
      routes: z.array(
        z.looseObject({
          vehicle: z.string(),
          steps: z.array(z.looseObject({ type: z.string().optional(), id: z.string().optional() })),
        }),
      ),
    })
    .optional(),
  running: z.boolean().optional(),
})

const step = z.object({
  type: z.enum(['start', 'stop', 'pickup', 'delivery', 'break', 'rest', 'reload', 'end']),
  id: z.string().optional(),
  place: place.optional(),
  arrival: number,
  begin: number,
  end: number,
  load: z.array(number),
})

const plan = z.looseObject({
  routes: z.array(
    z.looseObject({
      vehicle: z.string(),
      steps: z.array(step),
      cost: number,
      distance: number,
      driving: number,
      duty: number,
    }),
  ),
  unassigned: z.array(
    z.looseObject({
      stop: z.string(),
      reason: z.string(),
      explanation: z.string(),
      relaxing: z.array(z.object({ constraint: z.string(), cost: number })),
    }),
  ),
  cost: number,
})

const progress = z.object({
  iterations: number,
  share: number,
  routes: number,
  unassigned: number,
  cost: number.nullable(),
  gap: number.optional(),
})

export const planJobSchema = z.object({
  id: z.string(),
  status: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  created: number,
  finished: number.optional(),
  progress: progress.optional(),
  plan: plan.optional(),
  error: z.looseObject({ code: z.string(), message: z.string() }).optional(),
})

export const planJobsSchema = z.object({ plans: z.array(planJobSchema) })

export const explanationSchema = z.looseObject({ text: z.string(), routes: z.array(z.looseObject({})) })
