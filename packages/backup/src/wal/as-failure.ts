import { walErrors } from './errors.ts'

/** What a host’s connector, disk or store threw, as an error that can be kept and shown. */
export function asFailure(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : walErrors.BACKUP_WAL_FAILED({ reason: String(thrown) }, { cause: thrown })
}
