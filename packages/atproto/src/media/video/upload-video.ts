import { milliseconds, sleep, systemClock, type Clock, type Duration } from '@exprsn/core'
import type { Client, ClientResponse } from '@exprsn/core/client'
import { Cid, cidOf, fromDataJson, type DataObject } from '../../codec/index.ts'
import type { BlobRef } from '../../lexicon/index.ts'
import { mediaErrors } from '../errors.ts'
import { mediaLimits } from '../media-limits.ts'
import { sniffMedia } from '../sniff-media.ts'

/** An account as the video service needs it; a `PublishAccount` is one. */
export interface VideoAccount {
  readonly did: string
  /** Calls a method of the account's host. */
  call(
    method: string,
    request: {
      readonly params?: Readonly<Record<string, string>> | undefined
      readonly signal?: AbortSignal | undefined
    },
  ): Promise<{ readonly status: number; readonly body: DataObject }>
}

/** Options of {@link createVideoUploader}. */
export interface VideoUploaderOptions {
  /** The way out. */
  readonly client: Client
  /** Base URL of the service that prepares videos. @default 'https://video.bsky.app' */
  readonly service?: string | undefined
  /** How long it is waited for a video; ten minutes more to send it. @default '10m' */
  readonly deadline?: Duration | undefined
  /** Between two questions whether it is done. @default '2s' */
  readonly pollEvery?: Duration | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/** Uploads videos. */
export interface VideoUploader {
  /**
   * Sends a video to the service, waits until it is prepared, and gives what a record refers to it by. The same bytes are
   * prepared once, however often they are sent.
   *
   * @throws `ATPROTO_MEDIA_TYPE_REFUSED`, `ATPROTO_MEDIA_TOO_LARGE`, `ATPROTO_MEDIA_VIDEO_REFUSED`; retryable
   * `ATPROTO_MEDIA_VIDEO_UNFINISHED`
   */
  upload(
    bytes: Uint8Array,
    options: { readonly account: VideoAccount; readonly signal?: AbortSignal | undefined },
  ): Promise<BlobRef>
}

/**
 * Makes an uploader of videos: with a token of the account's host that is good for this alone, and a wait that ends.
 *
 * @throws `CORE_DURATION_INVALID`
 * @example
 * ```ts no-run
 * import { readFile } from 'node:fs/promises'
 * import { createClient } from '@exprsn/core/client'
 * import { createVideoUploader } from '@exprsn/atproto/media'
 * import { passwordAccount } from '@exprsn/atproto/publish'
 *
 * await using client = createClient()
 * const account = passwordAccount({ did: 'did:plc:example', service: 'https://pds.example', password: '…', client })
 * const videos = createVideoUploader({ client })
 * const blob = await videos.upload(await readFile('talk.mp4'), { account })
 * console.log(blob.mimeType, blob.size)
 * ```
 */
export function createVideoUploader(options: VideoUploaderOptions): VideoUploader {
  return new ServiceUploader(options)
}

const tokenSeconds = 1_800
const shortestUpload = 600_000

interface JobStatus {
  readonly jobId: string
  readonly state: string
  readonly reason: string
  readonly blob: BlobRef | undefined
}

class ServiceUploader implements VideoUploader {
  readonly #options: VideoUploaderOptions
  readonly #clock: Clock
  readonly #deadline: number
  readonly #pollEvery: number

  constructor(options: VideoUploaderOptions) {
    this.#options = options
    this.#clock = options.clock ?? systemClock
    this.#deadline = milliseconds(options.deadline ?? '10m')
    this.#pollEvery = milliseconds(options.pollEvery ?? '2s')
  }

  async upload(bytes: Uint8Array, { account, signal }: Parameters<VideoUploader['upload']>[1]): Promise<BlobRef> {
    checkVideo(bytes)
    const until = this.#clock.now() + this.#deadline
    let job = await this.#send(bytes, account, signal)
    while (job.blob === undefined) {
      if (job.state === 'JOB_STATE_FAILED') throw mediaErrors.ATPROTO_MEDIA_VIDEO_REFUSED({ reason: job.reason })
      if (this.#clock.now() >= until) throw mediaErrors.ATPROTO_MEDIA_VIDEO_UNFINISHED({ state: job.state })
      await sleep(this.#pollEvery, { clock: this.#clock, signal })
      const query = { jobId: job.jobId }
      job = jobOf(
        await this.#options.client.request(this.#url('getJobStatus'), { query, throwOnStatus: false, signal }),
      )
    }
    return job.blob
  }

  async #send(bytes: Uint8Array, account: VideoAccount, signal: AbortSignal | undefined): Promise<JobStatus> {
    const token = await this.#token(account, signal)
    const name = `${String(cidOf('raw', bytes))}.mp4`
    const answer = await this.#options.client.request(this.#url('uploadVideo'), {
      method: 'POST',
      query: { did: account.did, name },
      headers: { authorization: `Bearer ${token}`, 'content-type': 'video/mp4' },
      body: bytes,
      timeout: Math.max(this.#deadline, shortestUpload),
      throwOnStatus: false,
      signal,
    })
    return jobOf(answer)
  }

  /** Good for an upload to the account's own host, by which the service stores what it has prepared. */
  async #token(account: VideoAccount, signal: AbortSignal | undefined): Promise<string> {
    const server = await account.call('com.atproto.server.describeServer', { params: {}, signal })
    const exp = String(Math.floor(this.#clock.now() / 1_000) + tokenSeconds)
    const params = { aud: textOf(server.body.did), lxm: 'com.atproto.repo.uploadBlob', exp }
    const { status, body } = await account.call('com.atproto.server.getServiceAuth', { params, signal })
    if (status === 200 && typeof body.token === 'string') return body.token
    const reason = `the account's host gives no token for it (${status} ${textOf(body.error)})`
    if (status >= 400 && status < 500 && status !== 429) throw mediaErrors.ATPROTO_MEDIA_VIDEO_REFUSED({ reason })
    throw mediaErrors.ATPROTO_MEDIA_VIDEO_UNFINISHED({ state: reason })
  }

  #url(method: string): string {
    return `${this.#options.service ?? 'https://video.bsky.app'}/xrpc/app.bsky.video.${method}`
  }
}

function checkVideo(bytes: Uint8Array): void {
  const type = sniffMedia(bytes)
  if (type !== 'video/mp4') throw mediaErrors.ATPROTO_MEDIA_TYPE_REFUSED({ type: type ?? 'of an unknown type' })
  const { maxBytes } = mediaLimits().video
  if (bytes.length > maxBytes) throw mediaErrors.ATPROTO_MEDIA_TOO_LARGE({ type, bytes: bytes.length, limit: maxBytes })
}

/** Both answers have the same fields, one of them within `jobStatus`. A video that is known already is a job, too. */
function jobOf(answer: ClientResponse): JobStatus {
  const body = bodyOf(answer)
  const fields = (body.jobStatus ?? body) as DataObject
  const reason = textOf(fields.message) || textOf(fields.error) || `status ${answer.status}`
  const isKnown = answer.status === 409 && typeof fields.jobId === 'string'
  if (answer.status === 429 || answer.status >= 500) throw mediaErrors.ATPROTO_MEDIA_VIDEO_UNFINISHED({ state: reason })
  if (answer.status !== 200 && !isKnown) throw mediaErrors.ATPROTO_MEDIA_VIDEO_REFUSED({ reason })
  const blob = fields.blob as BlobRef | undefined
  return {
    jobId: textOf(fields.jobId),
    state: textOf(fields.state),
    reason,
    blob: blob?.ref instanceof Cid ? blob : undefined,
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function bodyOf(answer: ClientResponse): DataObject {
  try {
    return fromDataJson(answer.json()) as DataObject
  } catch {
    return {}
  }
}
