import { jobErrors } from './errors.ts'
import type { JobFailure } from './job.ts'

const longestMessage = 4_000
const longestFailure = 16_000

/** An error as plain data that is safe to store: secrets masked, causes included, bounded in size. Never throws. */
export function describeFailure(name: string, error: unknown): JobFailure {
  const wrapped = jobErrors.CORE_JOBS_HANDLER_FAILED({ name }, { cause: error ?? 'undefined' }).toJSON()
  const cause = wrapped['cause']
  const failure: JobFailure =
    typeof cause === 'object' && cause !== null && 'message' in cause
      ? (cause as JobFailure)
      : { name: 'Error', message: typeof cause === 'string' ? cause : JSON.stringify(cause) }
  const { code } = failure
  const short = { name: String(failure.name), message: String(failure.message).slice(0, longestMessage) }
  const small = JSON.stringify(failure).length <= longestFailure
  return small ? failure : code === undefined ? short : { ...short, code }
}
