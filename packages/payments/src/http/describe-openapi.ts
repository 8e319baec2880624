import { openapi, type OpenApiDocument } from '@exprsn/core/http'
import { disputesRouter } from './disputes-router.ts'
import { paymentsRouter } from './payments-router.ts'
import { reconciliationRouter } from './reconciliation-router.ts'

/** The description of everything that this package serves; `openapi.json` beside this file is made from it. */
export async function describeOpenApi(): Promise<OpenApiDocument> {
  // Nothing is asked of what stands behind the routes while they are described.
  const nothing = {} as never
  const router = paymentsRouter({ payments: nothing, auth: false })
    .mount('', reconciliationRouter({ reconciliation: nothing, database: nothing, auth: false }))
    .mount('', disputesRouter({ disputes: nothing, auth: false }))
  return openapi(router, { title: '@exprsn/payments', version: '1.0.0' })
}
