import type { Clock } from '@exprsn/core'
import type { SimulatedRequest, SimulatedResponse } from '../simulator/simulated-message.ts'
import { checkParameters } from './check-parameters.ts'
import type { StripeEndpoint } from './endpoint.ts'
import { disputeEndpoints } from './dispute-endpoints.ts'
import { decodeForm, type FormParameters } from './form-body.ts'
import { IdempotencyKeys } from './idempotency.ts'
import { intentEndpoints } from './intent-endpoints.ts'
import { methodEndpoints } from './method-endpoints.ts'
import { moneyEndpoints } from './money-endpoints.ts'
import { expansionOf } from './render.ts'
import type { StripeAccount } from './stripe-account.ts'
import { StripeRefusal } from './stripe-refusal.ts'

const endpoints = [...intentEndpoints, ...methodEndpoints, ...moneyEndpoints, ...disputeEndpoints].map((endpoint) => ({
  endpoint,
  pattern: new RegExp(`^${endpoint.route.replace(/:\w+/g, '([^/]+)')}$`),
}))

/** Answers requests as the Stripe API does. */
export class StripeApi {
  readonly #account: StripeAccount
  readonly #apiKey: string
  readonly #idempotency: IdempotencyKeys

  constructor(account: StripeAccount, options: { readonly apiKey: string; readonly clock: Clock }) {
    this.#account = account
    this.#apiKey = options.apiKey
    this.#idempotency = new IdempotencyKeys(options.clock)
  }

  answer(request: SimulatedRequest): SimulatedResponse {
    this.#account.settle()
    try {
      this.#authenticate(request)
      const recalled = request.method === 'POST' ? this.#idempotency.recall(request) : undefined
      return recalled ?? this.#run(request)
    } catch (error) {
      if (error instanceof StripeRefusal) return refusalResponse(error)
      throw error
    }
  }

  #authenticate({ headers }: SimulatedRequest): void {
    if (headers.get('authorization') === `Bearer ${this.#apiKey}`) return
    throw new StripeRefusal(401, { type: 'invalid_request_error', message: 'Invalid API Key provided.' }, false)
  }

  #run(request: SimulatedRequest): SimulatedResponse {
    const { endpoint, ids } = this.#route(request)
    const parameters = parametersOf(request)
    checkParameters(parameters, endpoint.parameters)
    const expand = expansionOf(expandOf(parameters))
    try {
      const response = jsonResponse(200, endpoint.run({ account: this.#account, ids, parameters, expand }))
      if (request.method === 'POST') this.#idempotency.keep(request, response)
      return response
    } catch (error) {
      if (error instanceof StripeRefusal && error.started && request.method === 'POST')
        this.#idempotency.keep(request, refusalResponse(error))
      throw error
    }
  }

  #route({ method, path }: SimulatedRequest): { readonly endpoint: StripeEndpoint; readonly ids: readonly string[] } {
    for (const { endpoint, pattern } of endpoints) {
      const match = pattern.exec(`${method} ${path}`)
      if (match !== null) return { endpoint, ids: match.slice(1).map(decodeURIComponent) }
    }
    const message = `Unrecognized request URL (${method}: ${path}).`
    throw new StripeRefusal(404, { type: 'invalid_request_error', message }, false)
  }
}

/** An error as the API writes it. */
export function refusalResponse({ status, body }: StripeRefusal): SimulatedResponse {
  return jsonResponse(status, { error: body })
}

function jsonResponse(status: number, body: unknown): SimulatedResponse {
  return { status, headers: { 'request-id': 'req_simulated' }, body: JSON.stringify(body) }
}

function parametersOf({ method, query, body }: SimulatedRequest): FormParameters {
  return decodeForm(method === 'GET' ? query : new URLSearchParams(Buffer.from(body).toString('utf8')))
}

/** The paths of `expand`; those of lists begin with `data.`. */
function expandOf(parameters: FormParameters): readonly string[] {
  const given = parameters['expand']
  return Array.isArray(given)
    ? given.flatMap((path) => (typeof path === 'string' ? [path.replace(/^data\./, '')] : []))
    : []
}
