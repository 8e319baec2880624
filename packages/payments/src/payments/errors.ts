import { defineErrors } from '@exprsn/core'

/** What goes wrong with payments on our side. A decline, a refusal or an unknown outcome is a value, not an error. */
export const paymentErrors = defineErrors({
  PAYMENTS_OPTION_INVALID: {
    message: 'The option {option} of payments {reason}.',
    help: 'See the documentation of the option for what it takes.',
  },
  PAYMENTS_COMMAND_INVALID: {
    message: 'The command is refused: {field} {reason}.',
    help: 'Correct the named field; nothing was sent.',
    status: 400,
  },
  PAYMENTS_GATEWAY_NOT_CONFIGURED: {
    message: 'There is no gateway {gateway}.',
    help: 'Pass it to createPayments under this name.',
    status: 404,
  },
  PAYMENTS_PAYMENT_UNKNOWN: {
    message: 'There is no payment {payment}.',
    help: 'Pass the id of a payment, or the payment that a charge gave.',
    status: 404,
  },
  PAYMENTS_ATTEMPT_UNKNOWN: {
    message: 'There is no command with the key {key}.',
    help: 'Enqueue it first, in a transaction that has been committed.',
    status: 404,
  },
  PAYMENTS_KEY_REUSED: {
    message: 'The key {key} belongs to a command with another content.',
    help: 'Give every command a key of its own, and the same command always the same content.',
    status: 409,
  },
})
