import { openapi, type OpenApiDocument } from '@exprsn/core/http'
import { createShipper } from '../shipper/create-shipper.ts'
import { statusRouter } from './status-router.ts'

/** The description of everything that this package serves; `openapi.json` beside this file is made from it. */
export async function describeOpenApi(): Promise<OpenApiDocument> {
  const shipper = createShipper({ sinks: [], spool: 'never-made' })
  return openapi(statusRouter({ shipper }), { title: '@exprsn/logs', version: '1.0.0' })
}
