import { createHash } from 'node:crypto'
import { ExprsnError } from '@exprsn/core'
import type { Database } from '@exprsn/core/database'
import { cidOf, parseCid } from '../codec/index.ts'
import type { BlobRef } from '../lexicon/index.ts'
import {
  mediaErrors,
  mediaLimits,
  prepareImage,
  type CardReader,
  type ImageProcessor,
  type PreparedImage,
  type VideoUploader,
} from '../media/index.ts'
import { uploadBlob } from './upload-blob.ts'
import type { Mapping } from './mapping.ts'
import { mediaName, mediaNeeds, type MediaNeed } from './media-names.ts'
import type { PublishAccount } from './publish-account.ts'
import type { PublishStatements } from './statements.ts'
import type { Wanted } from './wanted.ts'

/** A file as records refer to it, or what was read for a card. */
export interface ReadyMedia {
  /** Undefined for a card without a picture. */
  readonly blob: BlobRef | undefined
  readonly width: number
  readonly height: number
  readonly title: string
  readonly description: string
}

/** What files are prepared with. */
export interface MediaTools {
  readonly images?: ImageProcessor | undefined
  readonly videos?: VideoUploader | undefined
  readonly cards?: CardReader | undefined
}

/** Uploads that are remembered without asking the database. */
const mostUploads = 1_000

interface MediaRow {
  readonly cid: string | null
  readonly mime: string | null
  readonly size: number | null
  readonly width: number | null
  readonly height: number | null
  readonly title: string | null
  readonly description: string | null
}

/**
 * Prepares and uploads the files of items, each once: what came of it is kept, so that a run after a crash writes the same
 * record. Bytes that the host of the account has are not uploaded again.
 */
export class PublishMedia {
  readonly #database: Database
  readonly #sql: PublishStatements
  readonly #account: PublishAccount
  readonly #tools: MediaTools
  /** By CID: items that are sent at the same time share an upload. */
  readonly #uploads = new Map<string, Promise<BlobRef>>()
  #narrowed: number | undefined

  constructor(database: Database, sql: PublishStatements, account: PublishAccount, tools: MediaTools) {
    this.#database = database
    this.#sql = sql
    this.#account = account
    this.#tools = tools
  }

  /** Everything that the records of an item need, by `mediaName`. */
  async ready(
    place: { readonly mapping: string; readonly definition: Mapping<never> },
    wanted: Wanted,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, ReadyMedia>> {
    const ready = new Map<string, ReadyMedia>()
    for (const need of mediaNeeds(wanted, this.#tools.cards !== undefined)) {
      const key = keyOf(place.mapping, need)
      const known = await this.#read(key)
      ready.set(mediaName(need), known ?? (await this.#prepare(key, place, need, signal)))
    }
    return ready
  }

  /** The host does not have them any more: they are uploaded again. */
  async forget(media: Iterable<ReadyMedia>): Promise<void> {
    for (const { blob } of media)
      if (blob !== undefined) {
        this.#uploads.delete(String(blob.ref))
        await this.#database.query(this.#sql.forgetMedia, [this.#account.did, String(blob.ref)])
      }
  }

  /** An older host takes less than the lexicon allows. False when it is no less than what was tried. */
  narrow(bytes: number): boolean {
    if (!(bytes >= 1_000 && bytes < this.#imageBytes)) return false
    this.#narrowed = bytes
    return true
  }

  get #imageBytes(): number {
    return this.#narrowed ?? mediaLimits().image.maxBytes
  }

  async #read(key: string): Promise<ReadyMedia | undefined> {
    const { rows } = await this.#database.query<MediaRow>(this.#sql.readMedia, [this.#account.did, key])
    const [row] = rows
    if (row === undefined) return undefined
    const { cid, mime, size, width, height, title, description } = row
    const blob: BlobRef | undefined =
      cid === null ? undefined : { $type: 'blob', ref: parseCid(cid), mimeType: mime!, size: Number(size) }
    return { blob, width: width ?? 0, height: height ?? 0, title: title ?? '', description: description ?? '' }
  }

  async #prepare(
    key: string,
    place: { readonly mapping: string; readonly definition: Mapping<never> },
    need: MediaNeed,
    signal: AbortSignal,
  ): Promise<ReadyMedia> {
    const made =
      need.kind === 'card'
        ? await this.#card(need.ref, signal)
        : need.kind === 'image'
          ? await this.#image(await load(place, need.ref, signal), this.#imageBytes, signal)
          : await this.#video(await load(place, need.ref, signal), signal)
    const { blob, width, height, title, description } = made
    const file = blob === undefined ? [null, null, null] : [String(blob.ref), blob.mimeType, blob.size]
    const values = [this.#account.did, key, ...file, width, height, title, description]
    await this.#database.query(this.#sql.saveMedia, values)
    // Another process may have been first: then its file is the one.
    return (await this.#read(key)) ?? made
  }

  async #image(bytes: Uint8Array, maxBytes: number, signal: AbortSignal): Promise<ReadyMedia> {
    const image = await prepareImage(bytes, { maxBytes, processor: this.#tools.images, signal })
    const { width, height } = image
    return { blob: await this.#upload(image, signal), width, height, title: '', description: '' }
  }

  async #video(bytes: Uint8Array, signal: AbortSignal): Promise<ReadyMedia> {
    const { videos } = this.#tools
    if (videos === undefined) throw mediaErrors.ATPROTO_MEDIA_VIDEO_REFUSED({ reason: 'the publisher has no videos' })
    const blob = await videos.upload(bytes, { account: this.#account, signal })
    return { blob, width: 0, height: 0, title: '', description: '' }
  }

  /** A page that cannot be read has a card all the same, with its address alone; so has one whose picture cannot be shown. */
  async #card(url: string, signal: AbortSignal): Promise<ReadyMedia> {
    const { cards } = this.#tools
    const empty = { blob: undefined, width: 0, height: 0 }
    try {
      const { title, description, image } = await cards!.read(url, { signal })
      const thumb = image === undefined ? empty : await this.#thumb(image, signal)
      return { ...thumb, title, description }
    } catch (error) {
      if (!isMediaError(error)) throw error
      return { ...empty, title: '', description: '' }
    }
  }

  async #thumb(url: string, signal: AbortSignal): Promise<Pick<ReadyMedia, 'blob' | 'width' | 'height'>> {
    try {
      const bytes = await this.#tools.cards!.image(url, { signal })
      return await this.#image(bytes, mediaLimits().thumb.maxBytes, signal)
    } catch (error) {
      if (!isMediaError(error)) throw error
      return { blob: undefined, width: 0, height: 0 }
    }
  }

  #upload(image: PreparedImage, signal: AbortSignal): Promise<BlobRef> {
    const key = String(cidOf('raw', image.bytes))
    const known = this.#uploads.get(key)
    if (known !== undefined) return known
    const upload = this.#send(image, signal)
    this.#uploads.set(key, upload)
    upload.catch(() => this.#uploads.delete(key))
    if (this.#uploads.size > mostUploads) this.#uploads.delete(this.#uploads.keys().next().value!)
    return upload
  }

  async #send({ bytes, type }: PreparedImage, signal: AbortSignal): Promise<BlobRef> {
    const cid = cidOf('raw', bytes)
    const { rows } = await this.#database.query(this.#sql.isUploaded, [this.#account.did, String(cid)])
    if (rows.length > 0) return { $type: 'blob', ref: cid, mimeType: type, size: bytes.length }
    return uploadBlob(this.#account, { bytes, type, cid }, signal)
  }
}

/** What cannot be published: it is the file's fault, and stays so. */
export function isMediaError(error: unknown): error is ExprsnError {
  return ExprsnError.is(error) && error.code.startsWith('ATPROTO_MEDIA_') && !error.retryable
}

/** Stands for files that are not prepared yet, when a draft is checked. */
export function anyMedia(name: string): ReadyMedia {
  const mimeType = name.startsWith('video ') ? 'video/mp4' : 'image/jpeg'
  const blob: BlobRef = { $type: 'blob', ref: cidOf('raw', new Uint8Array()), mimeType, size: 1 }
  return { blob, width: 1, height: 1, title: '', description: '' }
}

async function load(
  { mapping, definition }: { readonly mapping: string; readonly definition: Mapping<never> },
  ref: string,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (definition.media === undefined) throw mediaErrors.ATPROTO_MEDIA_LOADER_MISSING({ mapping, ref })
  return definition.media(ref, { signal })
}

function keyOf(mapping: string, { kind, ref }: MediaNeed): string {
  // Pages are the same for all mappings.
  const owner = kind === 'card' ? '' : mapping
  return createHash('sha256')
    .update(JSON.stringify([kind, owner, ref]))
    .digest('base64url')
}
