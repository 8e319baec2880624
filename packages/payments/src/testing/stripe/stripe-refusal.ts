/** An error answer of the simulated Stripe API. */
export interface StripeErrorBody {
  readonly type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error'
  readonly message: string
  readonly code?: string | undefined
  readonly param?: string | undefined
  readonly decline_code?: string | undefined
  readonly charge?: string | undefined
  readonly payment_intent?: unknown
}

/** Thrown by the simulator's endpoints. `started` says whether the endpoint had begun its work: only then the answer is kept. */
export class StripeRefusal extends Error {
  readonly status: number
  readonly body: StripeErrorBody
  readonly started: boolean

  constructor(status: number, body: StripeErrorBody, started = true) {
    super(body.message)
    this.status = status
    this.body = body
    this.started = started
  }
}

/** 400 for parameters that do not pass the checks in front of the endpoint. */
export function invalidParameter(code: string, param: string, message: string): StripeRefusal {
  return new StripeRefusal(400, { type: 'invalid_request_error', code, param, message }, false)
}

/** 404. */
export function missingObject(kind: string, id: string, param = 'id'): StripeRefusal {
  const message = `No such ${kind}: '${id}'`
  return new StripeRefusal(404, { type: 'invalid_request_error', code: 'resource_missing', param, message })
}

/** 400 because of the state that the object is in. */
export function wrongState(code: string, message: string): StripeRefusal {
  return new StripeRefusal(400, { type: 'invalid_request_error', code, message })
}
