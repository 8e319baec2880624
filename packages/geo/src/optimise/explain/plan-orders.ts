import type { Model } from '../model/model.ts'
import type { Plan } from '../plan/plan.ts'
import type { Problem } from '../problem/problem.ts'

/** The tasks of each vehicle as a plan has them, whether that can be done or not; what the problem does not know is passed over. */
export function planOrders(problem: Problem, { requests, vehicles }: Model, plan: Pick<Plan, 'routes'>): Int32Array[] {
  const requestOf = new Map(requests.ids.map((id, index) => [id, index]))
  const routeOf = new Map(plan.routes.map((route) => [route.vehicle, route]))
  return vehicles.map((_, index) => {
    const steps = routeOf.get(problem.vehicles[index]!.id)?.steps ?? []
    return Int32Array.from(
      steps.flatMap(({ type, id }) => {
        const request = type === 'break' || id === undefined ? undefined : requestOf.get(id)
        if (request === undefined) return []
        return [type === 'delivery' ? requests.second[request]! : requests.first[request]!]
      }),
    ).filter((task) => task >= 0)
  })
}
