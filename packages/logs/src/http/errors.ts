import { defineErrors } from '@exprsn/core'

/** What is wrong with a request to a log store. */
export const logHttpErrors = defineErrors({
  LOGS_HTTP_UNSUPPORTED: {
    message: 'The store does not take {part}.',
    help: 'Let the client send what the guide of the store names.',
    status: 501,
  },
  LOGS_HTTP_FORBIDDEN: {
    message: 'The request may not have an answer.',
    help: 'Send what the operator of the store asks for, such as a token.',
    status: 403,
  },
  LOGS_HTTP_BODY_INVALID: {
    message: 'The body cannot be taken at line {line}: {reason}.',
    help: 'Nothing of the body was kept. Correct it and send it again.',
    status: 400,
  },
  LOGS_HTTP_PARAMETER_INVALID: {
    message: 'The parameter {name} cannot be taken.',
    help: 'See the description of the route.',
    status: 400,
  },
  LOGS_HTTP_BODY_TOO_LARGE: {
    message: 'The body is larger than {limit} bytes.',
    help: 'Send smaller batches, or raise bodyLimit.',
    status: 413,
  },
})
