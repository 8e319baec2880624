import { sign, type KeyObject } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** Options of {@link signPaypalWebhook}. */
export interface SignPaypalOptions {
  /** The raw body. */
  readonly body: Uint8Array
  /** Names the subscription. */
  readonly webhookId: string
  /** Names the delivery. */
  readonly transmissionId: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** Where the certificate is said to be. */
  readonly certificateUrl: string
  /** The key of the certificate that stands there. */
  readonly privateKey: KeyObject
}

/**
 * Makes the headers that PayPal signs a webhook with, for tests.
 *
 * @example
 * ```ts
 * import { signPaypalWebhook } from '@exprsn/payments/webhook'
 * import { generateKeyPairSync } from 'node:crypto'
 *
 * const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
 * const headers = signPaypalWebhook({
 *   body: new TextEncoder().encode('{}'),
 *   webhookId: '8PT597110X687430L',
 *   transmissionId: '69cd13f0-d67a-11e5-baa3-778b53f4ae55',
 *   now: Date.now(),
 *   certificateUrl: 'https://api.paypal.com/v1/notifications/certs/CERT-360caa42-fca2a594-1d93a270',
 *   privateKey,
 * })
 * console.log(headers['paypal-auth-algo']) // SHA256withRSA
 * ```
 */
export function signPaypalWebhook(options: SignPaypalOptions): Readonly<Record<string, string>> {
  const { body, webhookId, transmissionId, now, certificateUrl, privateKey } = options
  const time = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z')
  const message = Buffer.from(`${transmissionId}|${time}|${webhookId}|${crc32(body)}`)
  return {
    'paypal-transmission-id': transmissionId,
    'paypal-transmission-time': time,
    'paypal-transmission-sig': sign('sha256', message, privateKey).toString('base64'),
    'paypal-cert-url': certificateUrl,
    'paypal-auth-algo': 'SHA256withRSA',
  }
}
