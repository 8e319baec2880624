import type { Client } from '@exprsn/core/client'
import { valhallaErrors } from './errors.ts'

/** What is asked of Valhalla. The `Actor` of the package `@valhallajs/valhallajs` fits. */
export interface ValhallaClient {
  route(query: Readonly<Record<string, unknown>>): Promise<unknown>
  matrix(query: Readonly<Record<string, unknown>>): Promise<unknown>
  isochrone(query: Readonly<Record<string, unknown>>): Promise<unknown>
  traceRoute(query: Readonly<Record<string, unknown>>): Promise<unknown>
  locate(query: Readonly<Record<string, unknown>>): Promise<unknown>
}

/** Options of {@link valhallaServer}. */
export interface ValhallaServerOptions {
  /** Where the server is, such as `http://valhalla.internal:8002`. */
  readonly url: string
  /** Of `@exprsn/core/client`, allowed to reach that address. */
  readonly client: Client
}

/**
 * Asks a Valhalla server.
 *
 * @example
 * ```ts
 * import { createClient } from '@exprsn/core/client'
 * import { valhallaRouter, valhallaServer } from '@exprsn/geo/drivers/valhalla'
 *
 * await using client = createClient({ allow: { loopbackAddresses: true } })
 * const router = valhallaRouter({ client: valhallaServer({ url: 'http://127.0.0.1:8002', client }) })
 * await router.close()
 * ```
 */
export function valhallaServer({ url, client }: ValhallaServerOptions): ValhallaClient {
  const ask = (action: string) => async (json: Readonly<Record<string, unknown>>) => {
    const endpoint = `${url.replace(/\/+$/, '')}/${action}`
    const response = await client.request(endpoint, { method: 'POST', json, throwOnStatus: false })
    const answer = response.json()
    if (response.status >= 200 && response.status < 300) return answer
    const { error } = (answer ?? {}) as { readonly error?: unknown }
    throw valhallaErrors.GEO_VALHALLA_FAILED({
      action,
      reason: typeof error === 'string' ? error : `status ${response.status}`,
    })
  }
  return {
    route: ask('route'),
    matrix: ask('sources_to_targets'),
    isochrone: ask('isochrone'),
    traceRoute: ask('trace_route'),
    locate: ask('locate'),
  }
}
