import { webhookErrors } from '../errors.ts'
import { equalText } from '../equal-text.ts'
import { hmacSha256 } from '../hmac-sha256.ts'
import { rejected, verifiedSignature, type SignatureVerdict } from '../signature-verdict.ts'

/** Options of {@link stripeVerifier}. */
export interface StripeVerifierOptions {
  /** The endpoint's secrets, `whsec_…`: two of them while one is being replaced. */
  readonly secrets: readonly string[]
  /** How far a signature's time may lie from ours, to either side, in milliseconds. @default 300,000 */
  readonly tolerance?: number | undefined
}

/** A delivery of Stripe. */
export interface StripeDelivery {
  /** The bytes as they came. */
  readonly body: Uint8Array
  /** The header `Stripe-Signature`. */
  readonly header: string | null | undefined
  /** Our time: milliseconds since 1970. */
  readonly now: number
}

const digestLength = 64
const maximumItems = 20

/**
 * Makes a verifier for the webhooks of one endpoint of Stripe: `t=…,v1=hex(HMAC-SHA256(secret, t + "." + body))`, with
 * several `v1` while a secret is replaced (docs.stripe.com/webhooks, "Verify webhook signatures manually"). Times in the
 * future are refused as well; Stripe's own library takes them.
 *
 * @throws `PAYMENTS_WEBHOOK_OPTION_INVALID` for no secret, an empty one, or one with blanks around it
 * @example
 * ```ts
 * import { signStripeWebhook, stripeVerifier } from '@exprsn/payments/webhook'
 *
 * const verify = stripeVerifier({ secrets: ['whsec_new', 'whsec_old'] })
 * const body = new TextEncoder().encode('{"id":"evt_1","object":"event"}')
 * const now = Date.now()
 * const header = signStripeWebhook({ body, secret: 'whsec_old', now })
 * console.log(verify({ body, header, now }).verified) // true
 * ```
 */
export function stripeVerifier({
  secrets,
  tolerance = 300_000,
}: StripeVerifierOptions): (delivery: StripeDelivery) => SignatureVerdict {
  if (secrets.length === 0 || secrets.some((secret) => secret === '' || secret !== secret.trim()))
    throw webhookErrors.PAYMENTS_WEBHOOK_OPTION_INVALID({
      option: 'secrets',
      reason: 'is empty or has blanks around it',
    })
  const digests = secrets.map(hmacSha256)

  return ({ body, header, now }) => {
    if (!header) return rejected('signature_missing', 'There is no header Stripe-Signature.')
    const parsed = parseHeader(header)
    if (parsed === undefined)
      return rejected('signature_malformed', 'The header Stripe-Signature has no time or no v1.')
    const { time, signatures } = parsed
    const prefix = `${time}.`
    if (!digests.some((digest) => includesText(signatures, digest(prefix, body))))
      return rejected('signature_mismatch', 'No signature fits the body and the secrets.')
    // The time is part of what is signed: it is worth nothing before the signature holds.
    const age = now - Number(time) * 1000
    if (age > tolerance) return rejected('too_old', `The signature is ${Math.round(age / 1000)} s old.`)
    if (age < -tolerance) return rejected('in_the_future', `The signature is ${Math.round(-age / 1000)} s ahead.`)
    return verifiedSignature
  }
}

/**
 * Makes the header `Stripe-Signature`, as Stripe does, for tests.
 *
 * @example
 * ```ts
 * import { signStripeWebhook } from '@exprsn/payments/webhook'
 *
 * const body = new TextEncoder().encode('{"id":"evt_1","object":"event"}')
 * console.log(signStripeWebhook({ body, secret: 'whsec_test_secret', now: 1_700_000_000_000 }).slice(0, 17)) // t=1700000000,v1=0
 * ```
 */
export function signStripeWebhook(options: {
  readonly body: Uint8Array
  readonly secret: string
  /** Milliseconds since 1970. */
  readonly now: number
}): string {
  const time = String(Math.floor(options.now / 1000))
  return `t=${time},v1=${hmacSha256(options.secret)(`${time}.`, options.body)}`
}

interface ParsedHeader {
  /** Seconds since 1970, as they were written. */
  readonly time: string
  readonly signatures: readonly string[]
}

function parseHeader(header: string): ParsedHeader | undefined {
  let time = ''
  const signatures: string[] = []
  for (let start = 0, count = 0; start < header.length && count < maximumItems; count++) {
    const comma = header.indexOf(',', start)
    const end = comma === -1 ? header.length : comma
    if (header.startsWith('v1=', start) && end - start === digestLength + 3)
      signatures.push(header.slice(start + 3, end))
    else if (header.startsWith('t=', start)) time = header.slice(start + 2, end)
    start = end + 1
  }
  if (signatures.length === 0 || !isSeconds(time)) return undefined
  return { time, signatures }
}

function isSeconds(text: string): boolean {
  if (text.length === 0 || text.length > 12) return false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 48 || code > 57) return false
  }
  return true
}

function includesText(texts: readonly string[], wanted: string): boolean {
  let found = false
  for (const text of texts) if (equalText(text, wanted)) found = true
  return found
}
