import { recordLexicons, type LexiconBlob, type LexiconDocument, type LexiconSchema } from '../lexicon/index.ts'

/** What a lexicon says of a file. */
export interface FileLimit {
  readonly maxBytes: number
  /** Media types, `image/*` for all images. */
  readonly accept: readonly string[]
}

/** The files that posts have. */
export interface MediaLimits {
  readonly image: FileLimit
  /** Images of one post. */
  readonly images: number
  readonly thumb: FileLimit
  readonly video: FileLimit
}

/**
 * Reads from the lexicons how large the files of posts may be.
 *
 * @example
 * ```ts
 * import { mediaLimits } from '@exprsn/atproto/media'
 *
 * const { image, images, thumb } = mediaLimits()
 * console.log(image.maxBytes, images, thumb.maxBytes) // 2000000 4 1000000
 * ```
 */
export function mediaLimits(documents: Iterable<LexiconDocument> = recordLexicons): MediaLimits {
  const known = new Map([...documents].map((document) => [document.id, document]))
  const property = (id: string, definition: string, name: string): LexiconSchema | undefined => {
    const found = known.get(id)?.defs[definition]
    return found?.type === 'object' ? found.properties?.[name] : undefined
  }
  const list = property('app.bsky.embed.images', 'main', 'images')
  return {
    image: limitOf(property('app.bsky.embed.images', 'image', 'image')),
    images: list?.type === 'array' ? (list.maxLength ?? 4) : 4,
    thumb: limitOf(property('app.bsky.embed.external', 'external', 'thumb')),
    video: limitOf(property('app.bsky.embed.video', 'main', 'video')),
  }
}

function limitOf(schema: LexiconSchema | undefined): FileLimit {
  const { maxSize = Infinity, accept = ['*/*'] } = (schema?.type === 'blob' ? schema : {}) as Partial<LexiconBlob>
  return { maxBytes: maxSize, accept }
}
