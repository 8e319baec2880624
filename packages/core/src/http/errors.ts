import { defineErrors } from '../errors/registry.ts'

/** What goes wrong between a request and its handler, and with the definition of routes. */
export const httpErrors = defineErrors({
  CORE_HTTP_NOT_FOUND: {
    message: 'There is nothing at {path}.',
    help: 'Check the path; it is compared exactly, trailing slash included.',
    status: 404,
  },
  CORE_HTTP_METHOD_NOT_ALLOWED: {
    message: 'The method {method} is not allowed here.',
    help: 'Use one of the methods in the Allow header.',
    status: 405,
  },
  CORE_HTTP_REQUEST_INVALID: {
    message: 'The request cannot be understood: {reason}.',
    help: 'Correct the request line or the header that is named.',
    status: 400,
  },
  CORE_HTTP_INPUT_INVALID: {
    message: 'The request has {count} invalid value(s).',
    help: 'Each entry of "errors" names the place, a JSON pointer into it and what is wrong there.',
    status: 400,
  },
  CORE_HTTP_BODY_TOO_LARGE: {
    message: 'The body is larger than {limit} bytes.',
    help: 'Send less at once, or raise bodyLimit on the route.',
    status: 413,
  },
  CORE_HTTP_BODY_MALFORMED: {
    message: 'The body cannot be read: {reason}.',
    help: 'Send what the content type says, in UTF-8.',
    status: 400,
  },
  CORE_HTTP_BODY_TIMEOUT: {
    message: 'The body did not arrive within {limit} ms.',
    help: 'Send the body without pauses, or raise bodyTimeout on the router.',
    retryable: true,
    status: 408,
  },
  CORE_HTTP_BODY_USED: {
    message: 'The body of this request was read before.',
    help: 'Read it once, or take request.clone() before the first read.',
  },
  CORE_HTTP_CONTENT_TYPE: {
    message: 'The content type {type} is not accepted here; {expected} is.',
    help: 'Set the Content-Type header to what is accepted, without a content encoding.',
    status: 415,
  },
  CORE_HTTP_UNAUTHENTICATED: {
    message: 'This needs authentication.',
    help: 'Send a credential in one of the ways that the WWW-Authenticate header or the API description names.',
    status: 401,
  },
  CORE_HTTP_CROSS_SITE: {
    message: 'The request came from another site: {reason}.',
    help: 'Send it from a page of the same origin with the header x-exprsn-csrf, or authenticate by a header.',
    status: 403,
  },
  CORE_HTTP_PRECONDITION: {
    message: 'The resource has changed since it was read.',
    help: 'Read it again and repeat the change on its present state.',
    status: 412,
  },
  CORE_HTTP_CLIENT_GONE: {
    message: 'The client closed the connection before the answer was complete.',
    help: 'Nothing to do: work for this request can stop.',
    status: 499,
  },
  CORE_HTTP_ROUTE_INVALID: {
    message: 'The route {route} cannot be defined: {reason}.',
    help: 'Correct the definition of the route.',
  },
  CORE_HTTP_OPTION_INVALID: {
    message: 'The option {option} cannot be {value}.',
    help: 'See the documentation of the option for what it takes.',
  },
  CORE_HTTP_REMOTE: {
    message: 'The other side answered with status {status}: {reason}.',
    help: 'Look at details.status and at the other side’s documentation.',
    status: 502,
  },
})
