/** What an XRPC method answers instead of its output. */
export class XrpcError extends Error {
  override readonly name = 'XrpcError'
  readonly status: number
  /** Such as `InvalidSwap`. */
  readonly error: string

  constructor(status: number, error: string, message: string) {
    super(message)
    this.status = status
    this.error = error
  }
}

/** 400 with the name that most refusals have. */
export function invalidRequest(message: string, error = 'InvalidRequest'): XrpcError {
  return new XrpcError(400, error, message)
}

/** 500: a real server answers some mistakes of its client like an outage of its own. */
export function internalError(): XrpcError {
  return new XrpcError(500, 'InternalServerError', 'Internal Server Error')
}
