import { ExprsnError } from '@exprsn/core'

/** Of errors that say that a limit is used up, without asking the host. */
export const usedUpCodes = ['ATPROTO_PUBLISH_LOGINS_USED_UP', 'ATPROTO_PUBLISH_REQUESTS_USED_UP'] as const

/** From when on there is something left again; undefined for other errors. */
export function usedUpUntil(error: unknown): number | undefined {
  if (!ExprsnError.is(error) || !usedUpCodes.some((code) => code === error.code)) return undefined
  return Date.parse(String(error.details?.until))
}
