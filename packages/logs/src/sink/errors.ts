import { defineErrors } from '@exprsn/core'

/** What sinks answer, and what they are made with. The shipper decides by the code. */
export const sinkErrors = defineErrors({
  LOGS_SINK_UNAVAILABLE: {
    message: 'The sink {sink} cannot be reached or takes nothing now: {reason}.',
    help: 'Lines wait in the spool and are sent again; nothing is lost while it has room.',
    retryable: true,
    status: 503,
  },
  LOGS_SINK_UNAUTHORIZED: {
    message: 'The sink {sink} refuses our credentials or does not know the place: {reason}.',
    help: 'Correct the credentials or the address. Lines wait in the spool; nothing is lost while it has room.',
    retryable: true,
    status: 502,
  },
  LOGS_SINK_TOO_LARGE: {
    message: 'The sink {sink} takes no batch of {records} lines and {bytes} bytes.',
    help: 'The batch is divided; a single line that is too large goes to the dead letters.',
    status: 413,
  },
  LOGS_SINK_REFUSED: {
    message: 'The sink {sink} refuses a batch of {records} lines: {reason}.',
    help: 'The batch is divided until the refused line is found, which goes to the dead letters.',
    status: 502,
  },
  LOGS_SINK_OPTION_INVALID: {
    message: 'The option {option} of the sink {sink} cannot be {value}.',
    help: 'See the documentation of the option.',
    status: 400,
  },
})
