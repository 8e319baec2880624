import type { IncomingMessage, ServerResponse } from 'node:http'
import { cidOf, toDataJson, type DataObject } from '../codec/index.ts'
import type { FakeAccount, FakeBlob } from './fake-account.ts'
import { storeBlob } from './fake-blobs.ts'
import type { FakeHost } from './fake-host.ts'
import { readServiceToken } from './service-token.ts'
import { LocalServer } from './local-server.ts'

/** Options of {@link createFakeVideoService}. */
export interface FakeVideoServiceOptions {
  /** Where the accounts are. */
  readonly host: FakeHost
  /** How often a job says that it is not done yet. @default 2 */
  readonly polls?: number | undefined
  /** Videos of an account a day. @default 25 */
  readonly dailyLimit?: number | undefined
  /** The DID of the accounts' host. @default 'did:web:localhost' */
  readonly audience?: string | undefined
}

/** A service that prepares videos, in memory. */
export interface FakeVideoService extends AsyncDisposable {
  readonly url: string
  /** Uploads that were taken on. */
  readonly jobs: number
  start(): Promise<void>
  close(): Promise<void>
}

/**
 * Makes a video service that refuses what the real one refuses: requests without a token, tokens that are expired, of another
 * account, for another host or method, files that are no MP4, and too many of them. The same bytes are one job.
 *
 * @example
 * ```ts
 * import { createFakePds, createFakeVideoService } from '@exprsn/atproto/testing'
 *
 * await using pds = createFakePds()
 * await using service = createFakeVideoService({ host: pds.host })
 * await service.start()
 * const { status } = await fetch(`${service.url}/xrpc/app.bsky.video.uploadVideo`, { method: 'POST', body: 'no video' })
 * console.log(status) // 401
 * ```
 */
export function createFakeVideoService(options: FakeVideoServiceOptions): FakeVideoService {
  return new MemoryVideoService(options)
}

interface VideoJob {
  readonly did: string
  readonly bytes: Uint8Array
  left: number
  blob: FakeBlob | undefined
}

interface Answer {
  readonly status: number
  readonly body: DataObject
}

class MemoryVideoService implements FakeVideoService {
  readonly #options: FakeVideoServiceOptions
  readonly #jobs = new Map<string, VideoJob>()
  readonly #server = new LocalServer({ onRequest: (request, response) => void this.#serve(request, response) })

  constructor(options: FakeVideoServiceOptions) {
    this.#options = options
  }

  get url(): string {
    return this.#server.url
  }

  get jobs(): number {
    return this.#jobs.size
  }

  start(): Promise<void> {
    return this.#server.start()
  }

  close(): Promise<void> {
    return this.#server.stop()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url!, 'http://localhost')
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const { status, body } = this.#answer(url, request, Buffer.concat(parts))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(toDataJson(body)))
  }

  #answer({ pathname, searchParams }: URL, request: IncomingMessage, bytes: Buffer): Answer {
    if (pathname === '/xrpc/app.bsky.video.getJobStatus') return this.#status(searchParams.get('jobId') ?? '')
    if (pathname !== '/xrpc/app.bsky.video.uploadVideo') return refusal(404, 'NotFound', 'not found')
    const account = this.#options.host.accounts.get(searchParams.get('did') ?? '')
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (token === undefined || account === undefined) return refusal(401, 'unauthorized', 'missing auth')
    const problem = this.#problemOf(token, account)
    if (problem !== undefined) return refusal(401, 'unauthorized', problem)
    if (request.headers['content-type'] !== 'video/mp4')
      return refusal(400, 'invalid_content_type', 'expected video/mp4')
    if (searchParams.get('name')?.endsWith('.mp4') !== true)
      return refusal(400, 'invalid_name', 'name must end with .mp4')
    return this.#upload(account, new Uint8Array(bytes))
  }

  #problemOf(token: string, account: FakeAccount): string | undefined {
    const claims = readServiceToken(token, account)
    if (claims === undefined) return 'the signature is not that of the account'
    if (claims.exp * 1_000 <= this.#options.host.now()) return 'the token is expired'
    if (claims.aud !== (this.#options.audience ?? 'did:web:localhost')) return 'the token is for another host'
    return claims.lxm === 'com.atproto.repo.uploadBlob' ? undefined : 'the token is for another method'
  }

  #upload({ did }: FakeAccount, bytes: Uint8Array): Answer {
    const { polls = 2, dailyLimit = 25 } = this.#options
    const jobId = String(cidOf('raw', Buffer.concat([Buffer.from(did), bytes])))
    if (this.#jobs.has(jobId)) return { status: 409, body: { ...this.#fields(jobId), error: 'already_exists' } }
    const used = [...this.#jobs.values()].filter((job) => job.did === did).length
    if (used >= dailyLimit) return refusal(400, 'upload_limit', 'User has exceeded their daily upload limit')
    this.#jobs.set(jobId, { did, bytes, left: polls, blob: undefined })
    return { status: 200, body: this.#fields(jobId) }
  }

  #status(jobId: string): Answer {
    const job = this.#jobs.get(jobId)
    if (job === undefined) return refusal(400, 'InvalidRequest', 'job not found')
    job.left--
    const account = this.#options.host.accounts.get(job.did)
    const isVideo = Buffer.from(job.bytes).toString('latin1', 4, 8) === 'ftyp' && job.bytes.length > 16
    if (job.left < 0 && isVideo && account !== undefined) job.blob = storeBlob(account.blobs, job.bytes, 'video/mp4')
    return { status: 200, body: { jobStatus: this.#fields(jobId) } }
  }

  #fields(jobId: string): DataObject {
    const { did, left, blob, bytes } = this.#jobs.get(jobId)!
    const state = blob !== undefined ? 'JOB_STATE_COMPLETED' : left < 0 ? 'JOB_STATE_FAILED' : 'JOB_STATE_ENCODING'
    const failed =
      state === 'JOB_STATE_FAILED' ? { error: 'invalid_video', message: 'The video could not be read' } : {}
    const done =
      blob === undefined ? {} : { blob: { $type: 'blob', ref: blob.cid, mimeType: 'video/mp4', size: bytes.length } }
    return { jobId, did, state, progress: left < 0 ? 100 : 50, ...failed, ...done }
  }
}

function refusal(status: number, error: string, message: string): Answer {
  return { status, body: { error, message } }
}
