import { Secret } from '../../config/secret.ts'
import { notifyErrors } from '../errors.ts'

/** A secret as Standard Webhooks writes it: base64, with or without `whsec_` before it; or one that never prints. */
export type WebhookSecret = string | Secret<string>

/** The bytes of a secret. @throws `CORE_NOTIFY_SECRET_INVALID` */
function secretBytes(secret: WebhookSecret): Uint8Array {
  const text = String(Secret.is(secret) ? secret.reveal() : secret).replace(/^whsec_/, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text))
    throw notifyErrors.CORE_NOTIFY_SECRET_INVALID({ reason: 'it is not base64' })
  const bytes = Buffer.from(text, 'base64')
  // The specification's own bounds.
  if (bytes.length < 24 || bytes.length > 64)
    throw notifyErrors.CORE_NOTIFY_SECRET_INVALID({ reason: `it has ${bytes.length} bytes` })
  return bytes
}

/** The bytes of all secrets, at least one. @throws `CORE_NOTIFY_SECRET_INVALID` */
export function allSecretBytes(secrets: WebhookSecret | readonly WebhookSecret[]): readonly Uint8Array[] {
  const list = Array.isArray(secrets) ? (secrets as readonly WebhookSecret[]) : [secrets as WebhookSecret]
  if (list.length === 0) throw notifyErrors.CORE_NOTIFY_SECRET_INVALID({ reason: 'there is none' })
  return list.map(secretBytes)
}
