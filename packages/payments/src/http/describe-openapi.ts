import { openapi, type OpenApiDocument } from '@exprsn/core/http'
import { paymentsRouter } from './payments-router.ts'

/** The description of everything that this package serves; `openapi.json` beside this file is made from it. */
export async function describeOpenApi(): Promise<OpenApiDocument> {
  // Nothing is asked of payments while their routes are described.
  return openapi(paymentsRouter({ payments: {} as never, auth: false }), {
    title: '@exprsn/payments',
    version: '1.0.0',
  })
}
