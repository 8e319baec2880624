import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { S3Refusal } from './s3-refusal.ts'
import type { S3Request } from './s3-request.ts'

/** A key pair that the simulator accepts. */
export interface S3Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Of temporary ones, which requests have to name. @default none */
  readonly sessionToken?: string | undefined
}

/** What a signed body needs to go on from the signature of its headers. */
export interface SigningContext {
  readonly signature: string
  readonly signingKey: Uint8Array
  readonly timestamp: string
  readonly scope: string
}

const largestSkew = 15 * 60_000
const authorization =
  /^AWS4-HMAC-SHA256 Credential=([^/,\s]+)\/(\d{8})\/([a-z0-9-]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;_.-]+), ?Signature=([0-9a-f]{64})$/

/**
 * Checks the signature of a request (Amazon S3 API Reference, "Authenticating requests: using the Authorization header
 * (AWS Signature Version 4)" and "Signature calculations for the Authorization header: transferring payload in a single
 * chunk"). The path is encoded once; `host` and every `x-amz-` header must be signed; the clocks may differ by 15
 * minutes.
 */
export function verifySignature(
  request: S3Request,
  options: {
    readonly credentials: readonly S3Credentials[]
    readonly region: string
    readonly now: number
    /** Access keys whose time is over. */
    readonly expired?: ReadonlySet<string> | undefined
  },
): SigningContext {
  const { headers } = request
  if (headers['authorization'] === undefined) throw new S3Refusal('AccessDenied')
  const match = authorization.exec(headers['authorization'])
  if (match === null) throw new S3Refusal('AuthorizationHeaderMalformed')
  const [, accessKeyId, day, region, signedNames, signature] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  const known = options.credentials.find((credentials) => credentials.accessKeyId === accessKeyId)
  if (known === undefined) throw new S3Refusal('InvalidAccessKeyId')

  const timestamp = headers['x-amz-date'] ?? ''
  const time = parseTimestamp(timestamp)
  if (time === undefined)
    throw new S3Refusal('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header')
  if (region !== options.region || !timestamp.startsWith(day)) throw new S3Refusal('AuthorizationHeaderMalformed')
  if (Math.abs(options.now - time) > largestSkew) throw new S3Refusal('RequestTimeTooSkewed')
  if (headers['x-amz-content-sha256'] === undefined)
    throw new S3Refusal('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256')

  const signed = signedNames.split(';')
  const unsigned = Object.keys(headers).find(
    (name) => (name === 'host' || name.startsWith('x-amz-')) && !signed.includes(name),
  )
  if (unsigned !== undefined)
    throw new S3Refusal('AccessDenied', `There were headers present in the request which were not signed: ${unsigned}`)

  const scope = `${day}/${region}/s3/aws4_request`
  const canonical = sha256Hex(canonicalRequest(request, signed))
  const signingKey = deriveSigningKey(known.secretAccessKey, day, region)
  const expected = hmac(signingKey, `AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${canonical}`).toString('hex')
  if (!equalText(expected, signature)) throw new S3Refusal('SignatureDoesNotMatch')
  if (headers['x-amz-security-token'] !== known.sessionToken) throw new S3Refusal('InvalidToken')
  if (options.expired?.has(accessKeyId)) throw new S3Refusal('ExpiredToken')
  return { signature, signingKey, timestamp, scope }
}

function canonicalRequest({ method, rawPath, query, headers }: S3Request, signed: readonly string[]): string {
  const path = decodeURIComponent(rawPath).split('/').map(encodeStrictly).join('/')
  const parameters = query
    .map(([name, value]) => `${encodeStrictly(name)}=${encodeStrictly(value)}`)
    .sort((left, right) => (left < right ? -1 : left > right ? 1 : 0))
    .join('&')
  const lines = signed.map((name) => `${name}:${headers[name] ?? ''}\n`).join('')
  return [method, path, parameters, lines, signed.join(';'), headers['x-amz-content-sha256']].join('\n')
}

/** RFC 3986: all but the unreserved characters becomes `%XX`. */
function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function deriveSigningKey(secret: string, day: string, region: string): Uint8Array {
  return [day, region, 's3', 'aws4_request'].reduce<Uint8Array>(
    (key, part) => hmac(key, part),
    Buffer.from(`AWS4${secret}`),
  )
}

function parseTimestamp(text: string): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text)
  if (match === null) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

/** HMAC-SHA256. */
export function hmac(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** SHA-256 in hexadecimal. */
export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Compares digests without telling by its duration where they differ. */
export function equalText(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right))
}
