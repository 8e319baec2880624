import type { Identity } from '../auth/identity.ts'
import { createId } from '../id/uuid.ts'
import { parseTraceparent, type TraceParent } from '../tracing/traceparent.ts'
import type { ResponseHeaders } from './node/node-response.ts'
import { clientAddress, headerOf } from './request-parts.ts'
import type { RouteContext } from './route.ts'

const sensibleId = /^[\w.:-]{4,128}$/

/** One request on its way through a route: what the handler gets. What costs something is made when it is looked at. */
export class Exchange implements RouteContext {
  readonly request: Request
  /** Headers that guards add to the answer. */
  headers: ResponseHeaders | undefined
  params: unknown
  query: unknown
  body: unknown
  identity: Identity | undefined
  #requestId: string | undefined

  constructor(request: Request) {
    this.request = request
  }

  get signal(): AbortSignal {
    return this.request.signal
  }

  get requestId(): string {
    return (this.#requestId ??= givenRequestId(this.request) ?? createId())
  }

  /** The request's id if anybody knows it: the caller, who sent it, or the handler, who looked at it. */
  get knownRequestId(): string | undefined {
    return (this.#requestId ??= givenRequestId(this.request))
  }

  get trace(): TraceParent | undefined {
    const header = headerOf(this.request, 'traceparent')
    return header === undefined ? undefined : parseTraceparent(header)
  }

  get clientAddress(): string | undefined {
    return clientAddress(this.request)
  }
}

function givenRequestId(request: Request): string | undefined {
  const given = headerOf(request, 'x-request-id')
  return given !== undefined && sensibleId.test(given) ? given : undefined
}
