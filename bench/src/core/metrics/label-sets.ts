/** Labels as an HTTP server has them: 4 methods, 50 routes, 5 statuses, in an order that repeats after 1,000. */
export interface RequestLabels {
  readonly method: string
  readonly route: string
  readonly status: string
}

export const labelNames = ['method', 'route', 'status'] as const

export const labelSets: readonly RequestLabels[] = Array.from({ length: 1_000 }, (_, index) => ({
  method: ['GET', 'POST', 'PUT', 'DELETE'][index % 4]!,
  route: `/api/v1/resource${Math.floor(index / 4) % 50}/:id`,
  status: ['200', '201', '304', '404', '500'][Math.floor(index / 200)]!,
}))

/** Durations in seconds, from 1 ms to 10 s, whole microseconds: sums then come out equal however they are added. */
export const durations: Float64Array = Float64Array.from({ length: 4_096 }, (_, index) => {
  const share = ((index * 2_654_435_761) % 4_096) / 4_096
  return Math.round(10 ** (4 * share) * 1_000) / 1_000_000
})
