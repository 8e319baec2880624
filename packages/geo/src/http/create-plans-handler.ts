import type { FetchHandler } from '@exprsn/core/http'
import { plansRouter, type PlansRouterOptions } from './plans-router.ts'

/**
 * Serves route optimisation over HTTP: `POST /plans`, `GET /plans/:id`, its events, explanation and pictures, `DELETE /plans/:id`. The
 * description stands in `openapi.json` of the package.
 *
 * @example
 * ```ts no-run
 * import { createServer } from 'node:http'
 * import { toNodeHandler } from '@exprsn/core/http'
 * import { createPlansHandler } from '@exprsn/geo/http'
 * import { createPlanner } from '@exprsn/geo/optimize'
 *
 * const handler = createPlansHandler({ planner: createPlanner({ maxTimeLimit: '30s' }), auth: false })
 * createServer(toNodeHandler(handler)).listen(8080)
 * ```
 */
export function createPlansHandler(options: PlansRouterOptions): FetchHandler {
  return plansRouter(options).fetch
}
