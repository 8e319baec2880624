import { defineErrors } from '../errors/registry.ts'

/** What goes wrong when somebody says who they are, or wants what they may not do. */
export const authErrors = defineErrors({
  CORE_AUTH_TOKEN_INVALID: {
    message: 'The token is not accepted: {reason}.',
    help: 'Ask the issuer for a new token for this audience.',
    status: 401,
  },
  CORE_AUTH_TOKEN_EXPIRED: {
    message: 'The token has expired.',
    help: 'Ask the issuer for a new token.',
    status: 401,
  },
  CORE_AUTH_KEYS_UNAVAILABLE: {
    message: 'The issuer’s keys could not be fetched.',
    help: 'Try again later; check that jwksUrl can be reached from here.',
    retryable: true,
    status: 503,
  },
  CORE_AUTH_KEY_INVALID: {
    message: 'The API key is not accepted: {reason}.',
    help: 'Check that the key was copied whole and has not been revoked, or make a new one.',
    status: 401,
  },
  CORE_AUTH_KEY_MISSING: {
    message: 'There is no API key with the id {id}.',
    help: 'List the keys for the ids that exist.',
    status: 404,
  },
  CORE_AUTH_FORBIDDEN: {
    message: 'This is not allowed: {reason}.',
    help: 'Ask for the role or scope that is missing.',
    status: 403,
  },
  CORE_AUTH_OPTION_INVALID: {
    message: 'The option {option} cannot be {value}.',
    help: 'See the documentation of the option for what it takes.',
  },
  CORE_AUTH_JOSE_MISSING: {
    message: 'Verifying tokens needs the package jose, which could not be loaded.',
    help: 'Run: npm i jose',
  },
})
