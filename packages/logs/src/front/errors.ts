import { defineErrors } from '@exprsn/core'

/** What goes wrong in front of the shipper. */
export const frontErrors = defineErrors({
  LOGS_FRONT_PINO_MISSING: {
    message: 'createLogger needs pino, which is not installed.',
    help: 'Run npm i pino, or pass your own: createLogger({ shipper, pino }).',
  },
  LOGS_FRONT_SINK_UNKNOWN: {
    message: 'The transport knows no sink "{sink}".',
    help: 'Use one of: {known}; or build the shipper yourself and pass shipper.stream() to pino.',
  },
})
