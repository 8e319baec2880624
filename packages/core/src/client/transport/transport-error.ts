import { ExprsnError } from '../../errors/exprsn-error.ts'
import { clientErrors } from '../errors.ts'

const connecting = /^(ENOTFOUND|EAI_\w+|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|EADDRNOTAVAIL|EACCES)$/
const tls =
  /^(ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|\w*SELF_SIGNED\w*|UNABLE_TO_\w+|DEPTH_ZERO\w+|ERR_OSSL\w*|HOSTNAME_MISMATCH|EPROTO)$/

/** What is known of a request whose transport failed. */
export interface TransportFailure {
  readonly origin: string
  /** Whether any of the request may have reached the service. */
  readonly sent: boolean
  readonly maxHeaderBytes: number
}

/** The client's own error for one of undici, Node's network or TLS. Reasons are codes: messages may quote what was sent. */
export function transportError(cause: unknown, { origin, sent, maxHeaderBytes }: TransportFailure): ExprsnError {
  if (ExprsnError.is(cause)) return cause
  const code = codeOf(cause)
  if (tls.test(code)) return clientErrors.CORE_CLIENT_TLS_FAILED({ origin, reason: code }, { cause })
  if (code === 'UND_ERR_HEADERS_OVERFLOW')
    return clientErrors.CORE_CLIENT_HEADERS_TOO_LARGE({ origin, limit: maxHeaderBytes }, { cause })
  // Not all of undici's parsers give a code.
  if (code.startsWith('HPE_') || (cause as Error | undefined)?.name === 'HTTPParserError')
    return clientErrors.CORE_CLIENT_RESPONSE_INVALID({ origin, reason: `malformed HTTP ${code}`.trim() }, { cause })
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH')
    return clientErrors.CORE_CLIENT_CONNECTION_LOST(
      { origin, reason: 'the body is not as long as its header says' },
      { cause },
    )
  if (code === 'UND_ERR_CLOSED' || code === 'UND_ERR_DESTROYED') return clientErrors.CORE_CLIENT_CLOSED({}, { cause })
  if (code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH')
    return clientErrors.CORE_CLIENT_BODY_FAILED({ reason: 'it is not as long as its content-length' }, { cause })
  if (!sent || connecting.test(code))
    return clientErrors.CORE_CLIENT_CONNECT_FAILED({ origin, reason: code || 'unknown' }, { cause })
  return clientErrors.CORE_CLIENT_CONNECTION_LOST({ origin, reason: reasonOfLoss(code) }, { cause })
}

/** Several addresses that all failed give one error for each (RFC 8305): the first stands for all. */
function codeOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return codeOf(cause.errors[0])
  const code = (cause as NodeJS.ErrnoException | undefined)?.code
  return typeof code === 'string' ? code : ''
}

function reasonOfLoss(code: string): string {
  return code === 'UND_ERR_SOCKET' ? 'the service closed it before the end of its answer' : code || 'unknown'
}
