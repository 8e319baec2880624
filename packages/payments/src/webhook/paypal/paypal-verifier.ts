import { verify as verifyRsa, X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import { crc32 } from 'node:zlib'
import { webhookErrors } from '../errors.ts'
import { rejected, verifiedSignature, type SignatureVerdict } from '../signature-verdict.ts'
import { pinnedCertificateUrl } from './certificate-url.ts'
import { certificatesIn, chainProblem } from './verify-chain.ts'

/** Options of {@link paypalVerifier}. */
export interface PaypalVerifierOptions {
  /** The webhook's identifier from the PayPal dashboard: two of them while one is being replaced. It is part of what is signed. */
  readonly webhookIds: readonly string[]
  /** Gets the PEM text of a certificate. It is called with addresses of PayPal alone, once for each. */
  readonly fetchCertificate: (url: string, options: { readonly signal?: AbortSignal | undefined }) => Promise<string>
  /** Certificates that are at hand, by their address, so that nothing has to be fetched. @default {} */
  readonly certificates?: Readonly<Record<string, string>> | undefined
  /** PEM texts of the authorities that certificates have to lead to. @default those of Node */
  readonly roots?: readonly string[] | undefined
  /** How far a delivery's time may lie ahead of ours, in milliseconds. @default 300,000 */
  readonly tolerance?: number | undefined
  /** How old a delivery may be, in milliseconds. PayPal repeats failed ones for three days. @default 4 days */
  readonly maximumAge?: number | undefined
}

/** A delivery of PayPal. */
export interface PaypalDelivery {
  readonly headers: Headers
  /** The bytes as they came. */
  readonly body: Uint8Array
  /** Our time: milliseconds since 1970. */
  readonly now: number
  readonly signal?: AbortSignal | undefined
}

const signerNames = new Set(['messageverificationcerts.paypal.com', 'messageverificationcerts.sandbox.paypal.com'])
const maximumCached = 20

/**
 * Makes a verifier for the webhooks of PayPal, which works without asking PayPal: RSA-SHA-256 over
 * `transmission id|transmission time|webhook id|CRC-32 of the body` with the CRC as an unsigned decimal number
 * (developer.paypal.com/api/rest/webhooks, "Self verification method"). The certificate comes from PayPal's hosts alone,
 * must name PayPal's signer, lead to a trusted authority and be valid; it is kept until it expires.
 *
 * @throws `PAYMENTS_WEBHOOK_OPTION_INVALID`
 * @example
 * ```ts
 * import { paypalVerifier } from '@exprsn/payments/webhook'
 *
 * const verify = paypalVerifier({ webhookIds: ['8PT597110X687430L'], fetchCertificate: async () => 'PEM' })
 * const verdict = await verify({ headers: new Headers(), body: new Uint8Array(), now: Date.now() })
 * console.log(verdict) // { verified: false, rejection: 'signature_missing', … }
 * ```
 */
export function paypalVerifier(
  options: PaypalVerifierOptions,
): (delivery: PaypalDelivery) => Promise<SignatureVerdict> {
  const { webhookIds, tolerance = 300_000, maximumAge = 345_600_000 } = options
  if (webhookIds.length === 0 || webhookIds.some((id) => !/^[\w-]+$/.test(id)))
    throw webhookErrors.PAYMENTS_WEBHOOK_OPTION_INVALID({
      option: 'webhookIds',
      reason: 'has no identifier of a webhook',
    })
  const certificates = new CertificateCache(options)

  return async ({ headers, body, now, signal }) => {
    const parts = signedParts(headers)
    if (!('signature' in parts)) return parts
    const { id, time, signature } = parts
    const url = pinnedCertificateUrl(headers.get('paypal-cert-url'))
    if (url === undefined) return rejected('certificate_refused', 'The certificate is not at an address of PayPal.')
    const certificate = await certificates.get(url, now, signal)
    if (!(certificate instanceof X509Certificate)) return certificate
    const crc = crc32(body)
    const fits = webhookIds.some((webhookId) =>
      verifyRsa('sha256', Buffer.from(`${id}|${time}|${webhookId}|${crc}`), certificate.publicKey, signature),
    )
    if (!fits) return rejected('signature_mismatch', 'The signature does not fit the body and the webhook.')
    const age = now - Date.parse(time)
    if (age > maximumAge) return rejected('too_old', `The delivery is ${Math.round(age / 1000)} s old.`)
    if (age < -tolerance) return rejected('in_the_future', `The delivery is ${Math.round(-age / 1000)} s ahead.`)
    return verifiedSignature
  }
}

interface SignedParts {
  readonly id: string
  readonly time: string
  readonly signature: Buffer
}

function signedParts(headers: Headers): SignedParts | (SignatureVerdict & { readonly verified: false }) {
  const id = headers.get('paypal-transmission-id')
  const time = headers.get('paypal-transmission-time')
  const signature = headers.get('paypal-transmission-sig')
  if (!id || !time || !signature)
    return rejected('signature_missing', 'The headers PayPal-Transmission-Id, -Time and -Sig are needed.')
  // A bar inside a part would let what was signed be cut at other places.
  if (
    !/^[\w-]{1,100}$/.test(id) ||
    !/^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(time) ||
    Number.isNaN(Date.parse(time))
  )
    return rejected('signature_malformed', 'The transmission’s identifier or time has another form.')
  if (!/^[A-Za-z0-9+/]{100,2000}={0,2}$/.test(signature))
    return rejected('signature_malformed', 'The signature is not base64.')
  if (headers.get('paypal-auth-algo') !== 'SHA256withRSA')
    return rejected('signature_malformed', 'The algorithm is not SHA256withRSA.')
  return { id, time, signature: Buffer.from(signature, 'base64') }
}

/** Certificates that were checked, by address. */
class CertificateCache {
  readonly #options: PaypalVerifierOptions
  readonly #checked = new Map<string, X509Certificate>()
  #roots: readonly X509Certificate[] | undefined

  constructor(options: PaypalVerifierOptions) {
    this.#options = options
  }

  async get(url: string, now: number, signal: AbortSignal | undefined) {
    const known = this.#checked.get(url)
    if (known !== undefined && now <= known.validToDate.getTime()) return known
    this.#checked.delete(url)
    let pem: string
    try {
      pem = this.#options.certificates?.[url] ?? (await this.#options.fetchCertificate(url, { signal }))
    } catch {
      signal?.throwIfAborted()
      return rejected('certificate_unavailable', 'The certificate could not be fetched; the delivery will be repeated.')
    }
    const problem = this.#problemOf(pem, now)
    if (typeof problem === 'string') return rejected('certificate_refused', `The certificate is refused: ${problem}.`)
    if (this.#checked.size >= maximumCached) this.#checked.clear()
    this.#checked.set(url, problem)
    return problem
  }

  #problemOf(pem: string, now: number): X509Certificate | string {
    let chain: X509Certificate[]
    try {
      chain = certificatesIn(pem)
    } catch {
      return 'it cannot be read'
    }
    const [signer] = chain
    if (signer === undefined) return 'there is none'
    const name = /^CN=(.+)$/m.exec(signer.subject)?.[1]
    if (name === undefined || !signerNames.has(name)) return 'it is not that of PayPal’s signer'
    this.#roots ??= (this.#options.roots ?? rootCertificates).map((root) => new X509Certificate(root))
    return chainProblem(chain, this.#roots, now) ?? signer
  }
}
