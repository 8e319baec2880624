import { defineErrors } from '../errors/registry.ts'

/** What goes wrong with outgoing requests. URLs in them are shown without credentials and without the values of their query. */
export const clientErrors = defineErrors({
  CORE_CLIENT_URL_INVALID: {
    message: 'The request URL is refused: {reason}.',
    help: 'Pass an absolute http: or https: URL, or a path below the baseUrl of the client.',
    status: 400,
  },
  CORE_CLIENT_OPTION_INVALID: {
    message: 'The client option {option} cannot be {value}.',
    help: 'See the documentation of the option for what it takes.',
    status: 400,
  },
  CORE_CLIENT_HEADER_INVALID: {
    message: 'The header "{header}" is refused: {reason}.',
    help: 'Names are tokens and values one line of Latin-1 text; what governs the connection is set by the client itself.',
    status: 400,
  },
  CORE_CLIENT_BODY_INVALID: {
    message: 'The request body is refused: {reason}.',
    help: 'Pass either body or json, and neither with GET or HEAD.',
    status: 400,
  },
  CORE_CLIENT_BODY_FAILED: {
    message: 'The stream that gives the request body failed.',
    help: 'See the cause: it was thrown by the stream that you passed.',
  },
  CORE_CLIENT_HOST_REFUSED: {
    message: 'The host {host} is not among those that this client may call.',
    help: 'Add it to allow.hosts if it should be called.',
    status: 403,
  },
  CORE_CLIENT_PORT_REFUSED: {
    message: 'The port {port} of {host} is not among those that this client may call.',
    help: 'Add it to allow.ports if it should be called.',
    status: 403,
  },
  CORE_CLIENT_ADDRESS_REFUSED: {
    message: 'The host {host} leads to an address that this client does not call: it is {kind}.',
    help:
      'If the service is your own, create the client with allow: { privateAddresses: true } or { loopbackAddresses: true }, ' +
      "or name its network: allow: { networks: ['10.1.0.0/16'] }. Never do so for URLs that your users choose.",
    status: 403,
  },
  CORE_CLIENT_CONNECT_FAILED: {
    message: 'No connection to {origin}: {reason}.',
    help: 'Check the name, the port and whether the service runs; nothing was sent.',
    retryable: true,
    status: 502,
  },
  CORE_CLIENT_TLS_FAILED: {
    message: 'No secure connection to {origin}: {reason}.',
    help: 'Check the certificate of the service; pass its authority in the option tls: { ca } if it is your own.',
    status: 502,
  },
  CORE_CLIENT_TIMEOUT: {
    message: 'No answer from {origin} within {limit} ms: the {phase} took too long.',
    help: 'Try again, or raise the limit of that name in the timeouts of the client.',
    retryable: true,
    status: 504,
  },
  CORE_CLIENT_CONNECTION_LOST: {
    message: 'The connection to {origin} was lost: {reason}.',
    help: 'Try again if the request may be repeated; the service may have processed it.',
    retryable: true,
    status: 502,
  },
  CORE_CLIENT_RESPONSE_INVALID: {
    message: 'The response of {origin} cannot be read: {reason}.',
    help: 'The service, or something between, does not speak proper HTTP or damages its data.',
    status: 502,
  },
  CORE_CLIENT_RESPONSE_TOO_LARGE: {
    message: 'The response of {origin} is larger than {limit} bytes.',
    help: 'Raise maxResponseBytes if you expect that much, or read it with stream().',
    status: 502,
  },
  CORE_CLIENT_HEADERS_TOO_LARGE: {
    message: 'The header of the response of {origin} is larger than {limit} bytes.',
    help: 'Raise maxHeaderBytes if you trust the service.',
    status: 502,
  },
  CORE_CLIENT_STATUS: {
    message: '{method} {url} was answered with status {status}.',
    help: 'See details.excerpt and details.problem for what the service says; set throwOnStatus: false to get the response.',
    status: 502,
  },
  CORE_CLIENT_REDIRECT_REFUSED: {
    message: 'The redirect of {origin} is not followed: {reason}.',
    help: 'Call the new place yourself if you trust it, or set maxRedirects: 0 to get the redirect as the response.',
    status: 502,
  },
  CORE_CLIENT_TOO_MANY_REDIRECTS: {
    message: 'More than {limit} redirects, the last by {origin}.',
    help: 'The service may send its callers in a circle; raise maxRedirects if it does not.',
    status: 502,
  },
  CORE_CLIENT_NOT_REPEATABLE: {
    message: 'The {method} request was sent before and may not be sent again: {reason}.',
    help: 'Pass an idempotencyKey if the service knows them, and a body that can be read twice, such as bytes or a function.',
    status: 502,
  },
  CORE_CLIENT_JSON_INVALID: {
    message: 'The response of {origin} is not the JSON that was expected: {reason}.',
    help: 'Compare details.contentType and what the service documents.',
    status: 502,
  },
  CORE_CLIENT_STREAM_USED: {
    message: 'The body of the response was read before, or cancelled.',
    help: 'A streamed body can be read once; use request() for one that is kept.',
  },
  CORE_CLIENT_CLOSED: {
    message: 'The client is closed.',
    help: 'Create another, or close it later.',
    status: 503,
  },
})
