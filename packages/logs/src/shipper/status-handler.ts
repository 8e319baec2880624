import type { Shipper } from './create-shipper.ts'

/**
 * Answers GET with the shipper's figures as JSON. Put it behind your own authorisation: it names sinks and error codes.
 *
 * @example
 * ```ts
 * import { createShipper, createStatusHandler, memorySink } from '@exprsn/logs'
 *
 * const shipper = createShipper({ sinks: [memorySink()], spool: './data/spool' })
 * const handler = createStatusHandler(shipper)
 * const response = await handler(new Request('http://localhost/logs'))
 * console.log(await response.json()) // { durability: 'line', lines: 0, … }
 * ```
 */
export function createStatusHandler(shipper: Pick<Shipper, 'status'>): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return new Response(null, { status: 405, headers: { allow: 'GET, HEAD' } })
    return Response.json(shipper.status(), { headers: { 'cache-control': 'no-store' } })
  }
}
