import { ExprsnError, type Duration } from '@exprsn/core'
import { serviceClient } from '../sink/service-client.ts'
import { storeErrors } from '../store/errors.ts'
import { searchErrors } from './errors.ts'
import type { SearchConnectionOptions } from './search-options.ts'

/** What a request is given up by. */
export interface RequestLimits {
  readonly timeout: Duration
  readonly signal?: AbortSignal | undefined
}

/** One request to an engine. */
export interface SearchRequest {
  /** Behind the url, without a slash before it. */
  readonly path: string
  /** @default {} */
  readonly query?: Readonly<Record<string, string>> | undefined
  readonly body?: string | undefined
  readonly contentType?: string | undefined
  /** @default {} */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** How an engine is asked. */
export interface SearchConnection {
  /** The answer as text. @throws `LOGS_SEARCH_REFUSED`, `LOGS_SEARCH_UNAVAILABLE`, `LOGS_QUERY_TIMEOUT` */
  ask(request: SearchRequest, limits: RequestLimits): Promise<string>
  close(): Promise<void>
}

/** @throws `LOGS_SEARCH_OPTION_INVALID` */
export function searchConnection(engine: string, options: SearchConnectionOptions): SearchConnection {
  const { url } = options
  const service = serviceClient(options)
  if (service === undefined) throw searchErrors.LOGS_SEARCH_OPTION_INVALID({ engine, option: 'url', value: url })
  const { base, client, close } = service
  return {
    async ask({ path, query = {}, body, contentType, headers }, { timeout, signal }) {
      try {
        const response = await client.request(base + path, {
          method: body === undefined ? 'GET' : 'POST',
          body: body === undefined ? undefined : Buffer.from(body),
          headers: { ...(contentType === undefined ? {} : { 'content-type': contentType }), ...headers },
          query,
          timeout,
          signal,
        })
        return response.text()
      } catch (thrown) {
        if (signal?.aborted === true) throw signal.reason
        throw searchErrorOf(engine, thrown)
      }
    },
    close,
  }
}

/** What is the engine's word is passed on; what is the network's may be tried again. */
function searchErrorOf(engine: string, thrown: unknown): unknown {
  if (!ExprsnError.is(thrown)) return thrown
  if (thrown.code === 'CORE_CLIENT_TIMEOUT')
    return storeErrors.LOGS_QUERY_TIMEOUT({ milliseconds: Number(thrown.details.limit) }, { cause: thrown })
  if (thrown.code === 'CORE_CLIENT_STATUS') {
    const { status, excerpt } = thrown.details
    const reason = `${String(status)} ${(typeof excerpt === 'string' ? excerpt : '').slice(0, 500)}`.trim()
    if (Number(status) < 500 && status !== 429)
      return searchErrors.LOGS_SEARCH_REFUSED({ engine, reason }, { cause: thrown })
    return searchErrors.LOGS_SEARCH_UNAVAILABLE({ engine, reason }, { cause: thrown })
  }
  return searchErrors.LOGS_SEARCH_UNAVAILABLE({ engine, reason: thrown.message }, { cause: thrown })
}
