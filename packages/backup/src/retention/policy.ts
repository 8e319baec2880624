import { milliseconds, type Duration } from '@exprsn/core'
import { retentionErrors } from './errors.ts'

/**
 * Which snapshots of a source are kept. The rules add up: a snapshot stays when any of them wants it. Days, weeks (from
 * Monday), months and years are those of the time zone; each keeps the newest snapshot of its span.
 */
export interface RetentionPolicy {
  /** The newest so many. */
  readonly last?: number | undefined
  /** One for each of the newest so many hours that have one. */
  readonly hourly?: number | undefined
  readonly daily?: number | undefined
  readonly weekly?: number | undefined
  readonly monthly?: number | undefined
  readonly yearly?: number | undefined
  /** Everything that is younger than this, counted from the newest snapshot. */
  readonly within?: Duration | undefined
  /** Everything that is needed to restore to any moment of this last span: all snapshots in it and the one before it. */
  readonly pointInTime?: Duration | undefined
  /** Snapshots with one of these tags are never removed. */
  readonly tags?: readonly string[] | undefined
  /** IANA name. @default 'UTC' */
  readonly zone?: string | undefined
}

const counts = ['last', 'hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const

/**
 * Returns the policy, checked: at least one rule, so that nothing is ever removed by leaving something out.
 *
 * @throws `BACKUP_RETENTION_INVALID`
 */
export function checkPolicy(policy: RetentionPolicy): RetentionPolicy {
  const invalid = (reason: string) => retentionErrors.BACKUP_RETENTION_INVALID({ reason })
  for (const rule of counts) {
    const count = policy[rule]
    if (count !== undefined && (!Number.isInteger(count) || count < 0))
      throw invalid(`${rule} is no whole number from 0`)
  }
  for (const rule of ['within', 'pointInTime'] as const) if (policy[rule] !== undefined) milliseconds(policy[rule])
  if (
    !counts.some((rule) => (policy[rule] ?? 0) > 0) &&
    policy.within === undefined &&
    policy.pointInTime === undefined
  )
    throw invalid('no rule keeps anything')
  try {
    new Intl.DateTimeFormat('en', { timeZone: policy.zone ?? 'UTC' })
  } catch {
    throw invalid(`${policy.zone} is no time zone`)
  }
  return policy
}
