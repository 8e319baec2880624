import { ExprsnError } from '../../errors/exprsn-error.ts'
import { notifyErrors } from '../../notify/errors.ts'

/** Nodemailer's codes for what does not pass by itself: a wrong password, an address that cannot be one. */
const lasting = new Set(['EAUTH', 'EENVELOPE', 'EMESSAGE', 'ENOAUTH', 'EOAUTH2', 'ECONFIG', 'EPROXY'])

/** A failure of nodemailer as one of ours. The server's reply decides (RFC 5321 §4.2.1): 4xx passes, 5xx does not. */
export function mailFailure(error: unknown): unknown {
  if (ExprsnError.is(error) || !(error instanceof Error)) return error
  const { code, responseCode, response, command, rejected } = error as Error & Readonly<Record<string, unknown>>
  const reason =
    typeof responseCode === 'number'
      ? `${responseCode} to ${String(command)}`
      : typeof code === 'string'
        ? code
        : error.name
  const details = { reason, code, responseCode, response, command, rejected }
  const passes = typeof responseCode === 'number' ? responseCode < 500 : !lasting.has(String(code))
  return passes
    ? notifyErrors.CORE_NOTIFY_MAIL_DELAYED(details, { cause: error })
    : notifyErrors.CORE_NOTIFY_MAIL_FAILED(details, { cause: error })
}
