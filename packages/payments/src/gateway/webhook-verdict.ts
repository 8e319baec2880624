import type { GatewayEvent } from './gateway-event.ts'

/** A delivery as it came. */
export interface WebhookDelivery {
  readonly headers: Headers
  /** The bytes as they came: a body that was parsed and written again has another signature. */
  readonly body: Uint8Array
  readonly signal?: AbortSignal | undefined
}

/** Why a delivery is not believed. */
export type WebhookRejection =
  | 'signature_missing'
  | 'signature_malformed'
  | 'signature_mismatch'
  | 'too_old'
  | 'in_the_future'
  | 'certificate_refused'
  | 'certificate_unavailable'
  | 'body_malformed'

/** Whether a delivery is the gateway's, and what it says. */
export type WebhookVerdict =
  | { readonly verified: true; readonly events: readonly GatewayEvent[] }
  | { readonly verified: false; readonly rejection: WebhookRejection; readonly message: string }
