/** Methods that mean the same when sent twice: RFC 9110 §9.2.2, and QUERY of draft-ietf-httpbis-safe-method-w-body. */
const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'QUERY'])

/** Whether a request may be sent again when it is not known what became of it. */
export function isIdempotent(method: string, idempotencyKey: string | undefined): boolean {
  return idempotencyKey !== undefined || idempotentMethods.has(method)
}
