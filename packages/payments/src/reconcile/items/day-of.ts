import { reconcileErrors } from '../errors.ts'

/** Days since 1970 in UTC. @throws `PAYMENTS_RECONCILE_INPUT_INVALID` */
export function dayOf(time: Date | string, id: string): number {
  const milliseconds = typeof time === 'string' ? Date.parse(`${time}T00:00:00Z`) : time.getTime()
  if (!Number.isFinite(milliseconds))
    throw reconcileErrors.PAYMENTS_RECONCILE_INPUT_INVALID({ id, field: 'time', reason: 'is no time' })
  return Math.floor(milliseconds / 86_400_000)
}
