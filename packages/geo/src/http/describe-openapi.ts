import { openapi, type OpenApiDocument } from '@exprsn/core/http'
import { createFences } from '../fence/index.ts'
import { fencesRouter } from './fences-router.ts'

/** The description of everything that this package serves; `openapi.json` beside this file is made from it. */
export async function describeOpenApi(): Promise<OpenApiDocument> {
  return openapi(fencesRouter({ fences: createFences(), auth: false }), { title: '@exprsn/geo', version: '1.0.0' })
}
