import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '../../clock/clock.ts'
import { systemClock } from '../../clock/system-clock.ts'
import { createIdGenerator } from '../../id/uuid.ts'
import type { Random } from '../../random/random.ts'
import { systemRandom } from '../../random/system-random.ts'
import { decodeBody } from './body.ts'
import { Bucket, type BucketOptions } from './bucket.ts'
import type { S3Limits } from './operation-context.ts'
import { operationOf, s3Operations, type S3Operation } from './operation.ts'
import { S3Faults, type S3FaultKind, type S3PlannedFault } from './s3-faults.ts'
import { S3Refusal } from './s3-refusal.ts'
import { parseRequest, type S3Request, type S3Response } from './s3-request.ts'
import { verifySignature, type S3Credentials } from './signature.ts'
import { element, xmlDocument } from './xml-writer.ts'

const gibibyte = 2 ** 30
const mebibyte = 2 ** 20
const defaultLimits: S3Limits = { object: 5 * gibibyte, part: 5 * mebibyte, metadata: 2_048, page: 1_000 }

/** Options of {@link simulateS3}. */
export interface SimulateS3Options {
  /** Buckets that exist from the start. */
  readonly buckets: readonly (string | BucketOptions)[]
  /** Key pairs whose signatures are accepted. @default one pair, `simulator` / `simulator-secret` */
  readonly credentials?: readonly S3Credentials[] | undefined
  /** The region that signatures must name. @default 'us-east-1' */
  readonly region?: string | undefined
  /** Probability of each kind of fault per request that it applies to, 0 to 1. @default none */
  readonly faults?: Partial<Record<S3FaultKind, number>> | undefined
  /** Sizes to enforce, where a test cannot afford the real ones. @default those of the real service */
  readonly limits?: Partial<S3Limits> | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
}

/** One request that the simulator answered (status 0: the connection was cut). */
export interface S3LoggedRequest {
  readonly operation: S3Operation | undefined
  readonly key: string | undefined
  readonly status: number
  readonly code?: string | undefined
}

/** A running or startable simulator. */
export interface S3Simulator {
  /** Listens on a free port of 127.0.0.1. */
  start(): Promise<{ readonly endpoint: string }>
  /** Cuts all connections. What the buckets hold stays until the object is gone. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
  /** Makes the next fitting requests fail. */
  plan(fault: S3PlannedFault): void
  /** From now on the time of a key pair is over: its requests are refused with `ExpiredToken`. */
  expire(accessKeyId: string): void
  /** Ends all faults. */
  heal(): void
  /** How often each kind of fault was injected. */
  readonly hits: Readonly<Record<S3FaultKind, number>>
  /** Every request so far, oldest first. */
  readonly requests: readonly S3LoggedRequest[]
  /** Multipart uploads that were neither completed nor aborted. */
  openUploads(bucket: string): number
}

/**
 * Amazon S3 in this process, over real HTTP, as strict as the real one: signatures of version 4, aws-chunked bodies with
 * trailers, checksums, conditional writes, multipart rules, paging, ranges, versions and object lock by a clock of your
 * choice. What it does not know is refused with `NotImplemented`. No presigned addresses, no policies, no ACLs.
 *
 * @example
 * ```ts
 * import { simulateS3 } from '@exprsn/core/testing'
 *
 * const simulator = simulateS3({ buckets: ['backups'] })
 * const { endpoint } = await simulator.start()
 * console.log((await fetch(`${endpoint}/backups?list-type=2`)).status) // 403: not signed
 * await simulator.close()
 * ```
 */
export function simulateS3(options: SimulateS3Options): S3Simulator {
  const { clock = systemClock, random = systemRandom, region = 'us-east-1' } = options
  const credentials = options.credentials ?? [{ accessKeyId: 'simulator', secretAccessKey: 'simulator-secret' }]
  const limits: S3Limits = { ...defaultLimits, ...options.limits }
  const createId = createIdGenerator({ clock, random })
  const faults = new S3Faults(random, options.faults ?? {})
  const requests: S3LoggedRequest[] = []
  const expired = new Set<string>()
  const buckets = new Map<string, Bucket>()
  for (const bucket of options.buckets) {
    const made = new Bucket(typeof bucket === 'string' ? { name: bucket } : bucket)
    buckets.set(made.name, made)
  }

  const perform = (request: S3Request, operation: S3Operation, raw: Uint8Array): S3Response => {
    const now = clock.now()
    const signing = verifySignature(request, { credentials, region, now, expired })
    const { content, headers } = decodeBody(request, raw, signing)
    const bucket = buckets.get(request.bucket ?? '')
    if (bucket === undefined) throw new S3Refusal('NoSuchBucket')
    const key = request.key ?? ''
    return s3Operations[operation]({ bucket, buckets, request, key, headers, content, limits, now, createId })
  }

  const answer = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const requestId = createId()
    let request: S3Request | undefined
    let operation: S3Operation | undefined
    let result: S3Response
    let fault: S3FaultKind | undefined
    let code: string | undefined
    try {
      request = parseRequest(message)
      operation = operationOf(request)
      const raw = await readBody(message, limits.object)
      if (operation === undefined) throw new S3Refusal('NotImplemented')
      const conditional = request.headers['if-none-match'] !== undefined || request.headers['if-match'] !== undefined
      fault = faults.next({ operation, key: request.key ?? '', conditional })
      refuseByFault(fault)
      result = fault === 'lost-request' ? { status: 0 } : perform(request, operation, raw)
      if (fault === 'lost-response') result = { status: 0 }
    } catch (error) {
      const refusal = error instanceof S3Refusal ? error : new S3Refusal('InternalError', String(error))
      code = refusal.code
      result = errorResponse(refusal, message.url ?? '', requestId)
    }
    requests.push({ operation, key: request?.key, status: result.status, code })
    if (result.status === 0) message.socket.destroy()
    else send(response, message, result, { requestId, fault, date: clock.now() })
  }

  const server = createServer((message, response) => {
    answer(message, response).catch(() => message.socket.destroy())
  })
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })

  return {
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(0, '127.0.0.1', () => {
          resolve({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
        })
      }),
    close,
    [Symbol.asyncDispose]: close,
    plan: (fault) => faults.plan(fault),
    expire: (accessKeyId) => void expired.add(accessKeyId),
    heal: () => faults.heal(),
    hits: faults.hits,
    requests,
    openUploads: (bucket) => buckets.get(bucket)?.uploads.size ?? 0,
  }
}

function refuseByFault(fault: S3FaultKind | undefined): void {
  if (fault === 'slow-down') throw new S3Refusal('SlowDown')
  if (fault === 'unavailable') throw new S3Refusal('ServiceUnavailable')
  if (fault === 'internal-error') throw new S3Refusal('InternalError')
  if (fault === 'conflict') throw new S3Refusal('ConditionalRequestConflict')
}

/** Amazon S3 API Reference, "Error responses": a small document in no namespace. */
function errorResponse(refusal: S3Refusal, resource: string, requestId: string): S3Response {
  const body = xmlDocument(
    'Error',
    [
      element('Code', refusal.code),
      element('Message', refusal.message),
      element('Resource', resource),
      element('RequestId', requestId),
    ],
    false,
  )
  return { status: refusal.status, headers: { 'content-type': 'application/xml' }, body }
}

/** A body beyond the limit is read to its end and thrown away, so that the client gets to see the refusal. */
async function readBody(message: IncomingMessage, limit: number): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) chunks.length = 0
    else chunks.push(chunk)
  }
  if (size > limit) throw new S3Refusal('EntityTooLarge')
  return Buffer.concat(chunks)
}

function send(
  response: ServerResponse,
  { method, socket }: IncomingMessage,
  { status, headers = {}, body = '' }: S3Response,
  { requestId, fault, date }: { requestId: string; fault: S3FaultKind | undefined; date: number },
): void {
  const bytes = Buffer.from(typeof body === 'string' ? Buffer.from(body) : body)
  response.statusCode = status
  response.setHeader('x-amz-request-id', requestId)
  response.setHeader('date', new Date(date).toUTCString())
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value)
  if (!response.hasHeader('content-length')) response.setHeader('content-length', bytes.length)
  if (status === 204 || status === 304) response.removeHeader('content-length')
  if (method === 'HEAD' || status === 204 || status === 304) response.end()
  else if (fault === 'truncated-body' && bytes.length > 1) {
    response.write(bytes.subarray(0, bytes.length >> 1), () => socket.destroy())
  } else {
    if (fault === 'corrupted-body' && bytes.length > 0) bytes[bytes.length >> 1]! ^= 1
    response.end(bytes)
  }
}
