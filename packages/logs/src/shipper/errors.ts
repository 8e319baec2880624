import { defineErrors } from '@exprsn/core'

/** What goes wrong with a shipper as a whole. Faults of single lines and sinks are counted and logged, never thrown. */
export const shipperErrors = defineErrors({
  LOGS_SHIPPER_OPTION_INVALID: {
    message: 'The shipper option {option} cannot be {value}.',
    help: 'See the documentation of the option.',
    status: 400,
  },
  LOGS_SHIPPER_BEHIND: {
    message: 'The sink {sink} is {pending} lines behind and failing: {reason}.',
    help: 'Look at the sink. Lines wait in the spool; nothing is lost while it has room.',
    retryable: true,
    status: 503,
  },
  LOGS_SHIPPER_LOSING: {
    message: 'The spool is losing lines: {full} because it is full, {failed} because the disk refused them.',
    help: 'Free space, raise maxSpool, or find out why a sink is behind.',
    status: 503,
  },
})
