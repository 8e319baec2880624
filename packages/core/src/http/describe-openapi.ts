import { createHealth } from '../health/create-health.ts'
import { createMetrics } from '../metrics/create-metrics.ts'
import { openapi, type OpenApiDocument } from './openapi/openapi.ts'
import { operationsRouter } from './operations-router.ts'

/** The description of everything that core itself serves; `openapi.json` beside this file is made from it. */
export async function describeOpenApi(): Promise<OpenApiDocument> {
  const router = operationsRouter({ health: createHealth({ checks: {} }), metrics: createMetrics() })
  return openapi(router, { title: '@exprsn/core operations', version: '1.0.0' })
}
