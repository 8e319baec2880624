import { defineErrors } from '../errors/registry.ts'

/** What goes wrong with background jobs. */
export const jobErrors = defineErrors({
  CORE_JOBS_OPTION_INVALID: {
    message: 'The job option {option} cannot be {value}.',
    help: 'Pass a value of the documented type and range.',
    status: 400,
  },
  CORE_JOBS_PAYLOAD_INVALID: {
    message: 'The payload of the job {name} cannot be used: {path} {reason}.',
    help: 'Pass plain JSON: objects, arrays, text, finite numbers, booleans and null; dates as ISO text, bytes as base64.',
    status: 400,
  },
  CORE_JOBS_PAYLOAD_TOO_LARGE: {
    message: 'The payload of the job {name} takes {bytes} bytes; {limit} are allowed.',
    help: 'Store the data elsewhere and pass its key, or raise maximumPayload.',
    status: 413,
  },
  CORE_JOBS_LEASE_LOST: {
    message: 'The job {id} is no longer held by this worker.',
    help: 'Stop without further effects: the job was given to another worker, was cancelled, or is finished.',
    status: 409,
  },
  CORE_JOBS_WORKER_LOST: {
    message: 'The worker of the job {id} stopped renewing its lease in attempt {attempt}.',
    help: 'Look for a crashed, paused or overloaded process, or a handler that blocks the event loop.',
    retryable: true,
  },
  CORE_JOBS_HANDLER_FAILED: {
    message: 'The job {name} failed.',
    help: 'The cause is the error of its handler.',
  },
  CORE_JOBS_CANCELLED: {
    message: 'The job {id} was cancelled.',
    help: 'Nothing to do: somebody asked for it.',
    status: 409,
  },
  CORE_JOBS_TIMEOUT: {
    message: 'The job {id} ran longer than {limit} ms.',
    help: 'Make the handler faster, let it heed its signal, or raise its timeout.',
    retryable: true,
  },
  CORE_JOBS_STOPPING: {
    message: 'The worker of the job {id} is stopping.',
    help: 'Nothing to do: the job runs again elsewhere or after the restart.',
    retryable: true,
    status: 503,
  },
  CORE_JOBS_CLOSED: {
    message: 'The jobs are closed.',
    help: 'Create new ones, or close them only after their last use.',
  },
  CORE_JOBS_UNSUPPORTED: {
    message: 'The backend {backend} cannot do {feature}.',
    help: 'Use createJobs over a database for it; "capabilities" says beforehand what a backend can do.',
    status: 501,
  },
  CORE_JOBS_TRANSACTION_FOREIGN: {
    message: 'The transaction is of {dialect}, the jobs are in {expected}.',
    help: 'Pass a transaction of the database that holds the jobs’ tables.',
    status: 400,
  },
  CORE_JOBS_DRIVER_MISSING: {
    message: 'The npm package "{package}" is not installed.',
    help: 'Run: npm i bullmq',
  },
})
