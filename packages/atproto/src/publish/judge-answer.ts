import type { Clock } from '@exprsn/core'
import { publishErrors } from './errors.ts'
import type { XrpcAnswer } from './publish-account.ts'

/** How long an account that cannot be written to is left alone. */
export const accountPause = 3_600_000
const shortestPause = 1_000

/** What follows from an answer that is not 200. */
export type Judgement =
  | { readonly kind: 'wait'; readonly until: number; readonly reason: string }
  | { readonly kind: 'park'; readonly reason: string; readonly error: Error }
  | { readonly kind: 'retry'; readonly error: Error }

/**
 * Whether to try again, to wait, or to park. 500 proves nothing: the write may stand. What a host refuses with 400 it will
 * refuse again. Limits and accounts that are away are waited for.
 */
export function judgeAnswer(method: string, { status, body, headers }: XrpcAnswer, clock: Clock): Judgement {
  const error = typeof body.error === 'string' ? body.error : ''
  const message = typeof body.message === 'string' ? body.message : ''
  const reason = error === '' ? `status ${status}` : `${error}: ${message}`
  if (status === 429) {
    const reset = Number(headers.get('ratelimit-reset') ?? 0) * 1000
    const after = Number(headers.get('retry-after') ?? 0) * 1000
    const until = Math.max(reset, clock.now() + Math.max(after, shortestPause))
    return { kind: 'wait', until, reason }
  }
  if (status === 401 || status === 403 || error === 'ExpiredToken' || error === 'InvalidToken')
    return { kind: 'wait', until: clock.now() + accountPause, reason }
  if (status >= 400 && status < 500 && status !== 404 && status !== 408)
    return {
      kind: 'park',
      reason,
      error: publishErrors.ATPROTO_PUBLISH_REFUSED({ method, status, error, reason: message }),
    }
  return { kind: 'retry', error: publishErrors.ATPROTO_PUBLISH_UNAVAILABLE({ method, status, error }) }
}
