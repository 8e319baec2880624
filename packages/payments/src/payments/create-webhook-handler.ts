import { ExprsnError } from '@exprsn/core'
import type { Payments } from './payments.ts'

/** Options of {@link createWebhookHandler}. */
export interface WebhookHandlerOptions {
  /** Whose webhook a request is. @default the last part of its path */
  readonly gatewayOf?: ((request: Request) => string | undefined) | undefined
  /** Most bytes of a body. @default 1048576 */
  readonly bodyLimit?: number | undefined
}

/**
 * Answers the webhooks of all gateways: `POST …/stripe`, `POST …/paypal`. It verifies the signature over the bytes as they
 * came, keeps the events, and says 200 once they are kept; what cannot be applied at once is left to the sweep.
 *
 * 400: the delivery is not the gateway's. 404: there is no such gateway. 5xx: it could not be kept; the gateway sends it again.
 *
 * @example
 * ```ts no-run
 * import { createPayments, createWebhookHandler } from '@exprsn/payments'
 *
 * declare const payments: ReturnType<typeof createPayments>
 * const webhooks = createWebhookHandler(payments)
 * const response = await webhooks(new Request('https://shop.example/webhooks/stripe', { method: 'POST', body: '{}' }))
 * console.log(response.status) // 400: it has no signature
 * ```
 */
export function createWebhookHandler(
  payments: Pick<Payments, 'receive' | 'capabilities'>,
  options: WebhookHandlerOptions = {},
): (request: Request) => Promise<Response> {
  const { gatewayOf = lastPart, bodyLimit = 1_048_576 } = options
  return async (request) => {
    if (request.method !== 'POST') return problem(405, 'A webhook is a POST.', { allow: 'POST' })
    const gateway = gatewayOf(request)
    if (gateway === undefined || !Object.hasOwn(payments.capabilities, gateway))
      return problem(404, 'There is no such gateway.')
    const body = await readBody(request, bodyLimit)
    if (body === undefined) return problem(413, `The body is longer than ${bodyLimit} bytes.`)
    try {
      const received = await payments.receive(gateway, { headers: request.headers, body, signal: request.signal })
      return received.accepted ? Response.json(received) : problem(400, received.message)
    } catch (error) {
      return problem(ExprsnError.is(error) ? Math.max(500, error.status) : 500, 'The delivery could not be kept.')
    }
  }
}

function lastPart({ url }: Request): string | undefined {
  return new URL(url).pathname.split('/').findLast((part) => part !== '')
}

/** Undefined when it is too long; no more than the limit is held. */
async function readBody(request: Request, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.length
    if (length > limit) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** RFC 9457. */
function problem(status: number, detail: string, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(
    { status, detail },
    { status, headers: { ...headers, 'content-type': 'application/problem+json' } },
  )
}
