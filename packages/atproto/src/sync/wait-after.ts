import { randomFraction } from '@exprsn/core'
import type { SyncSettings } from './settings.ts'

/** How long to wait after so many failures: growing, and spread by chance so that what failed together does not come together. */
export function waitAfter({ backoff, maxRetryInterval, random }: SyncSettings, failures: number): number {
  const longest = Math.min(maxRetryInterval, backoff.initial * 10 * backoff.factor ** Math.min(failures - 1, 40))
  return longest * (0.5 + randomFraction(random) / 2)
}
