import { openapi, type OpenApiDocument } from '@exprsn/core/http'
import { identityRouter } from './identity-router.ts'

/** The description of everything that this package serves; `openapi.json` beside this file is made from it. */
export async function describeOpenApi(): Promise<OpenApiDocument> {
  return openapi(identityRouter({}), { title: '@exprsn/atproto identities', version: '1.0.0' })
}
