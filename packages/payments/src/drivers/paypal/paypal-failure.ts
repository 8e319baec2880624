import { ExprsnError } from '@exprsn/core'
import type { Refusal } from '../../gateway/decline.ts'
import { gatewayErrors } from '../../gateway/errors.ts'

/** What a failed call of PayPal means for the command. */
export type PaypalFailure =
  | { readonly kind: 'refused'; readonly issue: string; readonly refusal: Refusal }
  | { readonly kind: 'unknown'; readonly error: ExprsnError }
  | { readonly kind: 'fault'; readonly error: ExprsnError }

const gateway = 'paypal'
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'CORE_CLIENT_CONNECT_FAILED',
])

const open = new Set(['PAYMENTS_GATEWAY_UNAVAILABLE', 'PAYMENTS_GATEWAY_ANSWER_INVALID'])

/** Errors of our own after which a command may have been done: also those of an answer that cannot be read, such as its amounts. */
function leavesOpen({ code }: ExprsnError): boolean {
  return open.has(code) || !Object.hasOwn(gatewayErrors.definitions, code)
}

const refusals: Readonly<Record<string, Refusal['reason']>> = {
  ACTION_DOES_NOT_MATCH_INTENT: 'wrong_state',
  ACTION_NOT_ALLOWED_IN_CURRENT_DISPUTE_STATE: 'wrong_state',
  AUTHORIZATION_ALREADY_CAPTURED: 'already_done',
  AUTHORIZATION_EXPIRED: 'too_late',
  AUTHORIZATION_VOIDED: 'wrong_state',
  CAPTURE_FULLY_REFUNDED: 'already_done',
  CAPTURE_STATUS_NOT_VALID: 'wrong_state',
  INSUFFICIENT_FUNDS: 'insufficient_balance',
  INVALID_RESOURCE_ID: 'not_found',
  MAX_CAPTURE_AMOUNT_EXCEEDED: 'amount_too_large',
  MAX_CAPTURE_COUNT_EXCEEDED: 'wrong_state',
  ORDER_ALREADY_AUTHORIZED: 'already_done',
  ORDER_ALREADY_CAPTURED: 'already_done',
  ORDER_NOT_APPROVED: 'wrong_state',
  PREVIOUSLY_CAPTURED: 'already_done',
  PREVIOUSLY_VOIDED: 'already_done',
  REFUND_AMOUNT_EXCEEDED: 'amount_too_large',
  REFUND_FAILED_INSUFFICIENT_FUNDS: 'insufficient_balance',
  REFUND_NOT_ALLOWED: 'wrong_state',
  REFUND_TIME_LIMIT_EXCEEDED: 'too_late',
}

interface PaypalErrorBody {
  readonly name?: string | undefined
  readonly message?: string | undefined
  readonly details?: readonly { readonly issue?: string | undefined }[] | undefined
}

/** Sorts what the server SDK, or a call of our own, throws: by status, then by issue. */
export function paypalFailure(cause: unknown, key = ''): PaypalFailure {
  if (ExprsnError.is(cause) && cause.code.startsWith('PAYMENTS_'))
    return { kind: leavesOpen(cause) ? 'unknown' : 'fault', error: cause }
  const { statusCode } = cause as { readonly statusCode?: number }
  if (statusCode === undefined) return connectionFailure(cause)
  const { name = '', message = '', details } = bodyOf(cause)
  const issue = details?.[0]?.issue ?? name
  const facts = { gateway, code: issue, status: statusCode }
  const fault = (error: ExprsnError): PaypalFailure => ({ kind: 'fault', error })
  if (statusCode === 401 || statusCode === 403)
    return fault(gatewayErrors.PAYMENTS_GATEWAY_CREDENTIALS_REFUSED(facts, { cause }))
  if (statusCode === 429) return fault(gatewayErrors.PAYMENTS_GATEWAY_RATE_LIMITED(facts, { cause }))
  if (issue === 'DUPLICATE_REQUEST_ID')
    return fault(gatewayErrors.PAYMENTS_GATEWAY_KEY_REUSED({ ...facts, key }, { cause }))
  if (statusCode === 422 || statusCode === 404)
    return { kind: 'refused', issue, refusal: { reason: refusals[issue] ?? 'wrong_state', code: issue, message } }
  if (statusCode >= 400 && statusCode < 500 && statusCode !== 408 && statusCode !== 409)
    return fault(gatewayErrors.PAYMENTS_GATEWAY_REQUEST_REFUSED({ ...facts, reason: message || issue }, { cause }))
  return {
    kind: 'unknown',
    error: gatewayErrors.PAYMENTS_GATEWAY_UNAVAILABLE({ gateway, reason: `status ${statusCode}` }, { cause }),
  }
}

function connectionFailure(cause: unknown): PaypalFailure {
  const { code, message = 'no answer' } = cause as { readonly code?: string; readonly message?: string }
  if (code !== undefined && neverConnected.has(code))
    return { kind: 'fault', error: gatewayErrors.PAYMENTS_GATEWAY_UNREACHABLE({ gateway, code }, { cause }) }
  return { kind: 'unknown', error: gatewayErrors.PAYMENTS_GATEWAY_UNAVAILABLE({ gateway, reason: message }, { cause }) }
}

function bodyOf(cause: unknown): PaypalErrorBody {
  const { body } = cause as { readonly body?: unknown }
  if (typeof body !== 'string') return {}
  try {
    const parsed: unknown = JSON.parse(body)
    return typeof parsed === 'object' && parsed !== null ? parsed : {}
  } catch {
    return {}
  }
}
