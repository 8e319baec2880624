import { equalConstantTime } from '../../bytes/equal-constant-time.ts'
import type { Clock } from '../../clock/clock.ts'
import { systemClock } from '../../clock/system-clock.ts'
import { milliseconds, type Duration } from '../../duration/duration.ts'
import { notifyErrors } from '../errors.ts'
import { webhookDigest } from './sign-webhook.ts'
import { allSecretBytes, type WebhookSecret } from './webhook-secret.ts'

/** What came, and how to check it. */
export interface VerifyWebhookOptions {
  /** Of the request: `Headers`, or Node's object. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>> | object
  /** The body exactly as it came. */
  readonly body: string | Uint8Array
  /** One fitting secret is enough. */
  readonly secrets: WebhookSecret | readonly WebhookSecret[]
  /** How far its time may be from now, before or after. @default '5m' */
  readonly tolerance?: Duration | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** A webhook whose signature fits. */
export interface VerifiedWebhook {
  /** The same in every attempt: remember it, with an inbox for instance, to handle a message once. */
  readonly id: string
  /** When this attempt was signed. */
  readonly time: Date
}

const mostSignatures = 16

/**
 * Checks the signature of a webhook by the symmetric scheme of Standard Webhooks 1.0: of ours, and of every sender that
 * follows it. Signatures of other versions are passed over.
 *
 * @throws `CORE_NOTIFY_SIGNATURE_MISSING`, `CORE_NOTIFY_SIGNATURE_OLD`, `CORE_NOTIFY_SIGNATURE_WRONG`,
 * `CORE_NOTIFY_SECRET_INVALID`
 * @example
 * ```ts
 * import { signWebhook, verifyWebhook } from '@exprsn/core/notify'
 *
 * const secrets = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
 * const request = new Request('http://localhost/hook', {
 *   method: 'POST',
 *   body: '{}',
 *   headers: { ...signWebhook({ id: 'msg_1', time: new Date(), body: '{}', secrets }) },
 * })
 * const { id } = verifyWebhook({ headers: request.headers, body: await request.text(), secrets })
 * console.log(id) // msg_1
 * ```
 */
export function verifyWebhook(options: VerifyWebhookOptions): VerifiedWebhook {
  const { headers, body, secrets, tolerance = '5m', clock = systemClock } = options
  const keys = allSecretBytes(secrets)
  const id = header(headers, 'webhook-id')
  const timestamp = header(headers, 'webhook-timestamp')
  const given = header(headers, 'webhook-signature')
  if (!/^\d{1,12}$/.test(timestamp)) throw notifyErrors.CORE_NOTIFY_SIGNATURE_MISSING({ header: 'webhook-timestamp' })
  const time = Number(timestamp) * 1_000
  // Whole seconds on the wire: half a second of rounding is not an age.
  const age = Math.abs(Math.floor(clock.now() / 1_000) * 1_000 - time)
  const limit = milliseconds(tolerance)
  if (age > limit) throw notifyErrors.CORE_NOTIFY_SIGNATURE_OLD({ seconds: age / 1_000, limit: limit / 1_000 })
  const signatures = given
    .split(' ')
    .filter((each) => each.startsWith('v1,'))
    .slice(0, mostSignatures)
    .map((each) => Buffer.from(each.slice(3)))
  const expected = keys.map((key) => Buffer.from(webhookDigest(key, id, timestamp, body)))
  if (!expected.some((ours) => signatures.some((theirs) => equalConstantTime(ours, theirs))))
    throw notifyErrors.CORE_NOTIFY_SIGNATURE_WRONG()
  return { id, time: new Date(time) }
}

function header(headers: object, name: string): string {
  const value: unknown =
    headers instanceof Headers
      ? headers.get(name)
      : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
  if (typeof value !== 'string' || value === '') throw notifyErrors.CORE_NOTIFY_SIGNATURE_MISSING({ header: name })
  return value
}
