/** An error answer of the simulated PayPal APIs. */
export class PaypalRefusal extends Error {
  readonly status: number
  readonly errorName: string
  readonly issue: string | undefined

  constructor(status: number, errorName: string, issue?: string) {
    super(`${errorName}${issue === undefined ? '' : `: ${issue}`}`)
    this.status = status
    this.errorName = errorName
    this.issue = issue
  }
}

/** 422: the request is understood and not possible. */
export function unprocessable(issue: string): PaypalRefusal {
  return new PaypalRefusal(422, 'UNPROCESSABLE_ENTITY', issue)
}

/** 400: the request does not fit the schema. */
export function invalidRequest(issue: string): PaypalRefusal {
  return new PaypalRefusal(400, 'INVALID_REQUEST', issue)
}

/** 404. */
export function notFound(): PaypalRefusal {
  return new PaypalRefusal(404, 'RESOURCE_NOT_FOUND', 'INVALID_RESOURCE_ID')
}
