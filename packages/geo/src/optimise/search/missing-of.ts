import type { Model } from '../model/model.ts'
import type { Orders, State } from './state.ts'

/** What is missing is added in whatever order it stands: by such a share sums differ that are equal. */
export const rounding = 1e-9

/** What it costs that required requests are left out. */
export function missingOf({ model, absent, absentCount }: Pick<State, 'model' | 'absent' | 'absentCount'>): number {
  const { isRequired, absence } = model.requests
  let sum = 0
  for (let at = 0; at < absentCount; at++) if (isRequired[absent[at]!] === 1) sum += absence[absent[at]!]!
  return sum
}

/** The same for orders: always added in the same order, so that equal is equal. */
export function missingOfOrders(
  { requests, tasks }: Pick<Model, 'requests' | 'tasks'>,
  { routes }: Pick<Orders, 'routes'>,
): number {
  const isServed = new Uint8Array(requests.count)
  for (const route of routes) for (const task of route) isServed[tasks.request[task]!] = 1
  return requests.absence.reduce(
    (sum, cost, request) => sum + (isServed[request] === 0 && requests.isRequired[request] === 1 ? cost : 0),
    0,
  )
}
