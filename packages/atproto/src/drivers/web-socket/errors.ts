import { defineErrors } from '@exprsn/core'

/** What goes wrong with WebSockets. */
export const webSocketErrors = defineErrors({
  ATPROTO_WEBSOCKET_LOST: {
    message: 'The WebSocket {url} broke: {reason}.',
    help: 'Connect again after a while. When it cannot be opened at all, check the address and whether it may be reached.',
    retryable: true,
    status: 502,
  },
})
