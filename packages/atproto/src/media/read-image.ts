import { mediaErrors } from './errors.ts'
import type { ImageInfo, ImageType } from './formats/image-info.ts'
import { readAvif } from './formats/read-avif.ts'
import { readGif } from './formats/read-gif.ts'
import { readJpeg } from './formats/read-jpeg.ts'
import { readPng } from './formats/read-png.ts'
import { readWebp } from './formats/read-webp.ts'
import { sniffMedia } from './sniff-media.ts'

const readers: Readonly<Record<ImageType, (bytes: Uint8Array) => ImageInfo>> = {
  'image/jpeg': readJpeg,
  'image/png': readPng,
  'image/webp': readWebp,
  'image/gif': readGif,
  'image/avif': readAvif,
}

/**
 * What the headers of an image say, its type told by its bytes. Nothing is decoded, and every part is followed to its end: a
 * file that was cut off is noticed.
 *
 * @throws `ATPROTO_MEDIA_TYPE_REFUSED`, `ATPROTO_MEDIA_DAMAGED`
 * @example
 * ```ts
 * import { readImage } from '@exprsn/atproto/media'
 *
 * const pixel = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'
 * const { type, width, height } = readImage(Buffer.from(pixel, 'base64'))
 * console.log(type, width, height) // image/gif 1 1
 * ```
 */
export function readImage(bytes: Uint8Array): ImageInfo {
  const type = sniffMedia(bytes)
  if (type === undefined || !Object.hasOwn(readers, type))
    throw mediaErrors.ATPROTO_MEDIA_TYPE_REFUSED({ type: type ?? 'of an unknown type' })
  return readers[type as ImageType](bytes)
}
