import { createHmac } from 'node:crypto'
import { notifyErrors } from '../errors.ts'
import { allSecretBytes, type WebhookSecret } from './webhook-secret.ts'

/** What is signed. */
export interface SignWebhookOptions {
  /** The message's id, the same in every attempt; without a full stop. */
  readonly id: string
  /** Of this attempt. */
  readonly time: Date
  /** The body exactly as it is sent. */
  readonly body: string | Uint8Array
  /** With several, one signature each: while a secret is replaced, receivers may know either. */
  readonly secrets: WebhookSecret | readonly WebhookSecret[]
}

/** The headers that a signed webhook carries. */
export interface WebhookHeaders {
  readonly 'webhook-id': string
  /** Seconds since 1970. */
  readonly 'webhook-timestamp': string
  readonly 'webhook-signature': string
}

/**
 * Signs a webhook by the symmetric scheme of Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`.
 *
 * @throws `CORE_NOTIFY_SECRET_INVALID`, `CORE_NOTIFY_INVALID` for an id or time that cannot be signed
 * @example
 * ```ts
 * import { signWebhook, verifyWebhook } from '@exprsn/core/notify'
 *
 * const secrets = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
 * const body = '{"type":"order.paid"}'
 * const headers = signWebhook({ id: 'msg_1', time: new Date(), body, secrets })
 * console.log(verifyWebhook({ headers, body, secrets }).id) // msg_1
 * ```
 */
export function signWebhook({ id, time, body, secrets }: SignWebhookOptions): WebhookHeaders {
  if (!/^[\x21-\x2d\x2f-\x7e]{1,255}$/.test(id))
    throw notifyErrors.CORE_NOTIFY_INVALID({ field: 'id', reason: 'is not plain characters without a full stop' })
  const timestamp = String(Math.floor(time.getTime() / 1_000))
  if (timestamp === 'NaN') throw notifyErrors.CORE_NOTIFY_INVALID({ field: 'time', reason: 'is not a valid Date' })
  const signatures = allSecretBytes(secrets).map((secret) => `v1,${webhookDigest(secret, id, timestamp, body)}`)
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}

/** The signature itself, as base64. */
export function webhookDigest(secret: Uint8Array, id: string, timestamp: string, body: string | Uint8Array): string {
  return createHmac('sha256', secret).update(`${id}.${timestamp}.`).update(body).digest('base64')
}
