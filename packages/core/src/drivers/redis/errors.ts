import { defineErrors } from '../../errors/registry.ts'

/** What goes wrong with Redis. */
export const redisErrors = defineErrors({
  CORE_REDIS_OPTIONS: {
    message: 'The Redis options are not usable: {reason}.',
    help: 'Pass exactly one of client, url and connection.',
    status: 400,
  },
  CORE_REDIS_DRIVER_MISSING: {
    message: 'The npm package "{package}" is not installed.',
    help: 'Run: npm i ioredis',
  },
  CORE_REDIS_UNAVAILABLE: {
    message: 'Redis cannot answer: {reason}.',
    help: 'Check that the server runs, has memory left and accepts writes, and the address in the connection.',
    retryable: true,
    status: 503,
  },
  CORE_REDIS_COMMAND: {
    message: 'Redis refused the command: {reason}.',
    help: 'Check user, password and rights, and that no other program writes to the same keys.',
  },
  CORE_REDIS_CLOSED: {
    message: 'The Redis connection is closed.',
    help: 'Create a new one, or close it only after its last use.',
  },
})
