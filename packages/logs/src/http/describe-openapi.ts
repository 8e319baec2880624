import { createRouter, openapi, type OpenApiDocument } from '@exprsn/core/http'
import { createShipper } from '../shipper/create-shipper.ts'
import { createLogStore } from '../store/index.ts'
import { logRouter } from './log-router.ts'
import { statusRouter } from './status-router.ts'

/** The description of everything that this package serves; `openapi.json` beside this file is made from it. */
export async function describeOpenApi(): Promise<OpenApiDocument> {
  const shipper = createShipper({ sinks: [], spool: 'never-made' })
  const router = createRouter()
    .mount('', statusRouter({ shipper }))
    .mount('', logRouter(createLogStore({ path: 'never-made' })))
  return openapi(router, { title: '@exprsn/logs', version: '1.0.0' })
}
