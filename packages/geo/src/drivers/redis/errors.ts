import { defineErrors } from '@exprsn/core'

/** What goes wrong with fence events in Redis. */
export const redisErrors = defineErrors({
  GEO_REDIS_UNAVAILABLE: {
    message: 'The events cannot be handed to Redis: {reason}.',
    help: 'Check that the server runs, has memory left and accepts writes; hand the events over again.',
    retryable: true,
    status: 503,
  },
  GEO_REDIS_EVENT_INVALID: {
    message: 'The entry {id} of {key} is no fence event.',
    help: 'Another program writes to this key. Give the events a key of their own.',
  },
})
