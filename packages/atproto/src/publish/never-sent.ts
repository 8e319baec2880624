import { ExprsnError } from '@exprsn/core'
import { needsLogin } from './needs-login.ts'
import { usedUpCodes } from './used-up.ts'

const codes: ReadonlySet<string> = new Set([
  'CORE_CIRCUIT_OPEN',
  'CORE_BULKHEAD_FULL',
  'CORE_CLIENT_CONNECT_FAILED',
  ...usedUpCodes,
])

/** Sends something, and gives back what was taken for it when it never left. */
export async function sendOrGiveBack<Answer>(
  send: () => Promise<Answer>,
  giveBack: () => Promise<unknown>,
): Promise<Answer> {
  try {
    return await send()
  } catch (error) {
    if (neverSent(error)) await giveBack()
    throw error
  }
}

/** Whether a call has failed before the host could do anything. An error that core's client does not let repeat came after it. */
export function neverSent(error: unknown): boolean {
  return needsLogin(error) || (ExprsnError.is(error) && error.retryable && codes.has(error.code))
}
