import type { GatewayEvent } from '../gateway/gateway-event.ts'
import type { WebhookVerdict } from '../gateway/webhook-verdict.ts'

/** Reads a verified body and translates it. What cannot be read is a verdict, too: the gateway may try again. */
export function parseWebhookBody<Content extends object>(
  body: Uint8Array,
  translate: (content: Content) => readonly GatewayEvent[],
): WebhookVerdict {
  try {
    const content: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    if (typeof content !== 'object' || content === null) return malformed('The body is not a JSON object.')
    return { verified: true, events: translate(content as Content) }
  } catch (error) {
    return malformed(`The body cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
  }
}

function malformed(message: string): WebhookVerdict {
  return { verified: false, rejection: 'body_malformed', message }
}
