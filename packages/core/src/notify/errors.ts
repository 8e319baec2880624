import { defineErrors } from '../errors/registry.ts'

/** What goes wrong with notifications. Addresses of webhooks are shown by their origin alone: the rest may be a secret. */
export const notifyErrors = defineErrors({
  CORE_NOTIFY_INVALID: {
    message: 'The notification cannot be sent: {field} {reason}.',
    help: 'Pass the documented fields: a title, and perhaps text, severity, key, status, group, link, labels and time.',
    status: 400,
  },
  CORE_NOTIFY_OPTION_INVALID: {
    message: 'The notification option {option} cannot be used: {reason}.',
    help: 'Pass a value of the documented type and range.',
    status: 400,
  },
  CORE_NOTIFY_CHANNEL_UNKNOWN: {
    message: 'There is no channel "{channel}" in this process.',
    help: 'Add it to the channels, or name another; a process of a newer deployment may know it.',
    retryable: true,
    status: 404,
  },
  CORE_NOTIFY_REFUSED: {
    message: 'The receiver {origin} refused the message with status {status}.',
    help: 'See details.excerpt for what it says, and check the address, the secret and that the receiver still exists.',
    status: 502,
  },
  CORE_NOTIFY_UNAVAILABLE: {
    message: 'The receiver {origin} could not take the message: {reason}.',
    help: 'Nothing to do at first: it is tried again. Look at the receiver when it persists.',
    retryable: true,
    status: 502,
  },
  CORE_NOTIFY_SECRET_INVALID: {
    message: 'The webhook secret cannot be used: {reason}.',
    help: 'Pass base64 of 24 to 64 random bytes, with or without "whsec_" before it, as Standard Webhooks has it.',
    status: 400,
  },
  CORE_NOTIFY_SIGNATURE_MISSING: {
    message: 'The webhook carries no usable header {header}.',
    help: 'Pass the headers as they came; the sender must sign by the scheme of Standard Webhooks.',
    status: 400,
  },
  CORE_NOTIFY_SIGNATURE_OLD: {
    message: 'The webhook was signed {seconds} s away from now; {limit} s are allowed.',
    help: 'Set the clocks on both sides, or raise tolerance; an old message may be one that somebody recorded.',
    status: 400,
  },
  CORE_NOTIFY_SIGNATURE_WRONG: {
    message: 'No signature of the webhook fits.',
    help: 'Check the secret, and pass the body as the bytes that came, not as JSON parsed and written again.',
    status: 401,
  },
  CORE_NOTIFY_MAIL_FAILED: {
    message: 'The mail server did not take the message: {reason}.',
    help: 'Check the addresses, the login and what the server says in the details.',
    status: 502,
  },
  CORE_NOTIFY_MAIL_DELAYED: {
    message: 'The mail server cannot take the message now: {reason}.',
    help: 'Nothing to do at first: it is tried again. Look at the server when it persists.',
    retryable: true,
    status: 502,
  },
  CORE_NOTIFY_DRIVER_MISSING: {
    message: 'The npm package "{package}" is not installed.',
    help: 'Run: npm i nodemailer',
  },
  CORE_NOTIFY_CLOSED: {
    message: 'The notifications are closed.',
    help: 'Create new ones, or close them only after their last use.',
  },
})
