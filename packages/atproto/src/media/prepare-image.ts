import { mediaErrors } from './errors.ts'
import { shownSize, type ImageInfo } from './formats/image-info.ts'
import type { ImageProcessor } from './image-processor.ts'
import { readImage } from './read-image.ts'
import { stripMetadata } from './strip-metadata.ts'

/** Options of {@link prepareImage}. */
export interface PrepareImageOptions {
  /** The most bytes: `mediaLimits().image.maxBytes`. */
  readonly maxBytes: number
  /** Images of more pixels are refused by their header. @default 100000000 */
  readonly maxPixels?: number | undefined
  /** The longer side of an image that has to be made anew. @default 4000 */
  readonly maxSide?: number | undefined
  /** Makes images anew where that is needed. @default none: such images are refused */
  readonly processor?: ImageProcessor | undefined
  /** Gives up: the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined
}

/** An image that may be posted. */
export interface PreparedImage {
  readonly bytes: Uint8Array
  readonly type: string
  /** Pixels, as it is shown. */
  readonly width: number
  readonly height: number
}

/**
 * Makes an image fit to be posted. One that fits keeps its pixels and loses its metadata. One that is too large, lies on its
 * side, is made for printing or of a type that not every client shows is made anew by the processor.
 *
 * @throws `ATPROTO_MEDIA_TYPE_REFUSED`, `ATPROTO_MEDIA_DAMAGED`, `ATPROTO_MEDIA_TOO_MANY_PIXELS`, `ATPROTO_MEDIA_TOO_LARGE`,
 * `ATPROTO_MEDIA_NEEDS_PROCESSOR`, `ATPROTO_MEDIA_NOT_CONVERTED`
 * @example
 * ```ts
 * import { prepareImage } from '@exprsn/atproto/media'
 *
 * const pixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
 * const { type, width, height } = await prepareImage(pixel, { maxBytes: 2_000_000 })
 * console.log(type, width, height) // image/gif 1 1
 * ```
 */
export async function prepareImage(bytes: Uint8Array, options: PrepareImageOptions): Promise<PreparedImage> {
  const { maxBytes, maxPixels = 100_000_000, maxSide = 4_000, processor, signal } = options
  const info = readImage(bytes)
  const { width, height } = info
  if (width * height > maxPixels) throw mediaErrors.ATPROTO_MEDIA_TOO_MANY_PIXELS({ width, height, limit: maxPixels })
  const reason = whyAnew(info, processor !== undefined)
  const stripped = reason === undefined ? stripMetadata(bytes, info) : undefined
  if (stripped !== undefined && stripped.length <= maxBytes)
    return { bytes: stripped, type: info.type, ...shownSize(info) }
  if (processor === undefined)
    throw reason === undefined
      ? mediaErrors.ATPROTO_MEDIA_TOO_LARGE({ type: info.type, bytes: stripped!.length, limit: maxBytes })
      : mediaErrors.ATPROTO_MEDIA_NEEDS_PROCESSOR({ reason })
  const made = await processor.convert(bytes, { maxBytes, maxSide, maxPixels, signal })
  const { type, end, ...rest } = readImage(made)
  if (made.length > maxBytes) throw mediaErrors.ATPROTO_MEDIA_TOO_LARGE({ type, bytes: made.length, limit: maxBytes })
  return { bytes: made, type, ...shownSize({ type, end, ...rest }) }
}

function whyAnew({ type, colors, orientation, animated }: ImageInfo, isPossible: boolean): string | undefined {
  if (colors === 'cmyk') return 'its colours are made for printing (CMYK)'
  if (type === 'image/avif') return 'not every client shows AVIF'
  // Without a processor a note on the orientation does.
  return isPossible && orientation !== 1 && !animated ? 'it lies on its side' : undefined
}
