import { createHmac } from 'node:crypto'
import { webhookErrors } from '../errors.ts'
import { equalText } from '../equal-text.ts'
import { rejected, verifiedSignature, type SignatureVerdict } from '../signature-verdict.ts'

/** Options of {@link authorizeNetVerifier}. */
export interface AuthorizeNetVerifierOptions {
  /** Signature keys from the merchant interface, as they are shown there: two of them while one is being replaced. */
  readonly signatureKeys: readonly string[]
}

/**
 * Makes a verifier for the webhooks of Authorize.Net: `X-ANET-Signature: sha512=HEX(HMAC-SHA512(key, body))`
 * (developer.authorize.net/api/reference/features/webhooks, "Verifying the Notification"). The key's characters are the
 * HMAC's key, although they look like hexadecimal; only the `transHashSha2` of answers decodes them. There is no time in the
 * signature: repeated deliveries are told by their `notificationId` alone.
 *
 * @throws `PAYMENTS_WEBHOOK_OPTION_INVALID`
 * @example
 * ```ts
 * import { authorizeNetVerifier, signAuthorizeNetWebhook } from '@exprsn/payments/webhook'
 *
 * const verify = authorizeNetVerifier({ signatureKeys: ['0123ABCD'] })
 * const body = new TextEncoder().encode('{"notificationId":"1","payload":{"authAmount":300.00}}')
 * console.log(verify({ body, header: signAuthorizeNetWebhook({ body, signatureKey: '0123ABCD' }) }).verified) // true
 * ```
 */
export function authorizeNetVerifier({
  signatureKeys,
}: AuthorizeNetVerifierOptions): (delivery: {
  readonly body: Uint8Array
  readonly header: string | null | undefined
}) => SignatureVerdict {
  if (signatureKeys.length === 0 || signatureKeys.some((key) => key === '' || key !== key.trim()))
    throw webhookErrors.PAYMENTS_WEBHOOK_OPTION_INVALID({
      option: 'signatureKeys',
      reason: 'is empty or has blanks around it',
    })

  return ({ body, header }) => {
    if (!header) return rejected('signature_missing', 'There is no header X-ANET-Signature.')
    const digest = /^sha512=([0-9A-Fa-f]{128})$/.exec(header)?.[1]?.toUpperCase()
    if (digest === undefined)
      return rejected('signature_malformed', 'The header X-ANET-Signature is not sha512= and 128 hexadecimal digits.')
    if (!signatureKeys.some((key) => equalText(digestOf(body, key), digest)))
      return rejected('signature_mismatch', 'The signature does not fit the body and the keys.')
    return verifiedSignature
  }
}

/**
 * Makes the header `X-ANET-Signature`, as Authorize.Net does, for tests.
 *
 * @example
 * ```ts
 * import { signAuthorizeNetWebhook } from '@exprsn/payments/webhook'
 *
 * console.log(signAuthorizeNetWebhook({ body: new Uint8Array(), signatureKey: '0123ABCD' }).slice(0, 7)) // sha512=
 * ```
 */
export function signAuthorizeNetWebhook(options: { readonly body: Uint8Array; readonly signatureKey: string }): string {
  return `sha512=${digestOf(options.body, options.signatureKey)}`
}

function digestOf(body: Uint8Array, key: string): string {
  return createHmac('sha512', key).update(body).digest('hex').toUpperCase()
}
