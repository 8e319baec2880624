import { defineErrors } from '@exprsn/core'

/** What goes wrong between the host and a gateway. Each of them is thrown only when the gateway certainly did nothing. */
export const gatewayErrors = defineErrors({
  PAYMENTS_GATEWAY_NOT_SUPPORTED: {
    message: 'The gateway {gateway} cannot do this: {operation}.',
    help: 'See its capabilities, and choose another gateway or another way.',
    status: 422,
  },
  PAYMENTS_GATEWAY_INPUT_INVALID: {
    message: 'The command for the gateway {gateway} is refused: {field} {reason}.',
    help: 'Correct the named field; nothing was sent.',
    status: 400,
  },
  PAYMENTS_GATEWAY_OPTION_INVALID: {
    message: 'The option {option} of the gateway {gateway} {reason}.',
    help: 'See the documentation of the option for what it takes.',
    status: 500,
  },
  PAYMENTS_GATEWAY_REQUEST_REFUSED: {
    message: 'The gateway {gateway} refused the request: {reason}.',
    help: 'The gateway did nothing. See details.code for its own code, and correct what it names.',
    status: 422,
  },
  PAYMENTS_GATEWAY_CREDENTIALS_REFUSED: {
    message: 'The gateway {gateway} refused the credentials.',
    help: 'Check the keys, that they belong to this environment (test or live), and that they may do this.',
    status: 502,
  },
  PAYMENTS_GATEWAY_RATE_LIMITED: {
    message: 'The gateway {gateway} takes no more requests for now.',
    help: 'Try again later with the same key; it did nothing.',
    retryable: true,
    status: 503,
  },
  PAYMENTS_GATEWAY_UNREACHABLE: {
    message: 'The gateway {gateway} could not be reached.',
    help: 'Try again with the same key; nothing was sent.',
    retryable: true,
    status: 503,
  },
  PAYMENTS_GATEWAY_KEY_REUSED: {
    message: 'The gateway {gateway} knows the key {key} from a command with another content.',
    help: 'Give every command a key of its own, and the same command always the same content.',
    status: 409,
  },
  PAYMENTS_GATEWAY_UNAVAILABLE: {
    message: 'The gateway {gateway} failed to answer: {reason}.',
    help: 'Whether a command was done is not known: look it up, or repeat it with the same key.',
    retryable: true,
    status: 502,
  },
  PAYMENTS_GATEWAY_ANSWER_INVALID: {
    message: 'The answer of the gateway {gateway} cannot be read: {reason}.',
    help: 'Look the command up before anything else; report it if it stays so.',
    status: 502,
  },
  PAYMENTS_GATEWAY_PEER_MISSING: {
    message: 'The gateway {gateway} needs a package that is not installed: npm i {package}',
    help: 'Install it, or pass a client of your own.',
    status: 500,
  },
  PAYMENTS_GATEWAY_CLOSED: {
    message: 'The gateway {gateway} is closed.',
    help: 'Create another, or close it later.',
    status: 503,
  },
  PAYMENTS_CARD_NUMBER_REFUSED: {
    message: 'A card number was passed in {path}: {masked}.',
    help: 'Card numbers must never reach this process: let the gateway’s own form turn them into a token. Nothing was sent or kept.',
    status: 422,
  },
})
