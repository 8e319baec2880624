import { createRouter, openapi, type OpenApiDocument } from '@exprsn/core/http'
import { createFences } from '../fence/index.ts'
import type { Router } from '../routing/index.ts'
import { fencesRouter } from './fences-router.ts'
import { createPlanner } from '../optimise/index.ts'
import { plansRouter } from './plans-router.ts'
import { routesRouter } from './routes-router.ts'

/** The description of everything that this package serves; `openapi.json` beside this file is made from it. */
export async function describeOpenApi(): Promise<OpenApiDocument> {
  // Nothing is asked of it.
  const router = {} as Router
  const all = createRouter()
    .mount('', fencesRouter({ fences: createFences(), auth: false }))
    .mount('', routesRouter({ router, auth: false }))
    .mount('', plansRouter({ planner: createPlanner(), auth: false }))
  return openapi(all, { title: '@exprsn/geo', version: '1.0.0' })
}
