import { defineErrors } from '../errors/registry.ts'

/** What goes wrong in policies. */
export const resilienceErrors = defineErrors({
  CORE_TIMEOUT: {
    message: 'The operation did not end within {limit} ms.',
    help: 'Try again, or raise the time limit if the operation is known to take longer.',
    retryable: true,
    status: 504,
  },
  CORE_DEADLINE_EXCEEDED: {
    message: 'The deadline of the surrounding operation has passed.',
    help: 'Nothing was attempted: give the whole operation more time, or do less in it.',
    status: 504,
  },
  CORE_CIRCUIT_OPEN: {
    message: 'The circuit "{name}" is open: the calls before this one failed too often.',
    help: 'Wait for details.retryAfterMs milliseconds; the breaker then lets a trial call through.',
    retryable: true,
    status: 503,
  },
  CORE_BULKHEAD_FULL: {
    message: 'The bulkhead "{name}" already runs {limit} calls and its queue of {queue} is full.',
    help: 'Try again later, raise the limit, or allow a longer queue.',
    retryable: true,
    status: 503,
  },
  CORE_RATE_LIMITED: {
    message: 'The rate limit "{name}" is used up.',
    help: 'Wait for details.retryAfterMs milliseconds.',
    retryable: true,
    status: 429,
  },
  CORE_RATE_LIMIT_UNAVAILABLE: {
    message: 'The store of the rate limit cannot be reached, and calls are refused without it.',
    help: 'Try again when the store is back; choose whenDown: "local" or "allow" to go on without it.',
    retryable: true,
    status: 503,
  },
  CORE_HEDGE_LOST: {
    message: 'Another attempt of the same call was faster.',
    help: 'Nothing is wrong: this is the reason with which the slower attempt is aborted.',
  },
  CORE_POLICY_OPTION_INVALID: {
    message: 'The policy option {option} cannot be {value}.',
    help: 'See the documentation of the option for the range it takes.',
    status: 400,
  },
})
