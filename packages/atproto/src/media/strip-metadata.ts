import { crc32 } from 'node:zlib'
import { orientationOnly } from './formats/exif-orientation.ts'
import type { ImageInfo } from './formats/image-info.ts'
import { readImage } from './read-image.ts'

const exifAndXmp = 0x0c
const exif = 0x08

/**
 * An image without what it tells beside its picture: where and when it was taken and with what, texts, previews, and whatever
 * stands behind its end. Colours stay right (ICC), and so does the orientation. Pixels are not touched. An AVIF stays as it is:
 * its metadata cannot be told from it without a decoder.
 *
 * @throws as `readImage`
 * @example
 * ```ts
 * import { stripMetadata } from '@exprsn/atproto/media'
 *
 * const image = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
 * console.log(stripMetadata(Buffer.concat([image, Buffer.from('52.5170, 13.3889')])).length) // 42
 * ```
 */
export function stripMetadata(bytes: Uint8Array, info: ImageInfo = readImage(bytes)): Uint8Array {
  const parts = info.kept.map(({ start, end }) => bytes.subarray(start, end))
  const turned = info.orientation === 1 ? undefined : orientationOnly(info.orientation)
  if (info.type === 'image/webp') return webp(parts, turned, info)
  if (turned !== undefined && info.type === 'image/jpeg') parts.splice(placeInJpeg(parts), 0, jpegSegment(turned))
  if (turned !== undefined && info.type === 'image/png') parts.splice(2, 0, pngChunk(turned))
  return new Uint8Array(Buffer.concat(parts))
}

/** Behind JFIF, which comes first. */
function placeInJpeg(parts: readonly Uint8Array[]): number {
  return parts[1]?.[1] === 0xe0 ? 2 : 1
}

function jpegSegment(tiff: Uint8Array): Uint8Array {
  const length = tiff.length + 8
  return Buffer.concat([Buffer.from([0xff, 0xe1, length >> 8, length & 0xff]), Buffer.from('Exif\0\0'), tiff])
}

function pngChunk(tiff: Uint8Array): Uint8Array {
  const chunk = Buffer.alloc(tiff.length + 12)
  chunk.writeUInt32BE(tiff.length, 0)
  chunk.write('eXIf', 4, 'latin1')
  chunk.set(tiff, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, tiff.length + 8)), tiff.length + 8)
  return chunk
}

/** Its header tells which chunks it has, and how long all of them are. */
function webp(parts: readonly Uint8Array[], turned: Uint8Array | undefined, { width, height }: ImageInfo): Uint8Array {
  const chunks = parts.map((part): Buffer => Buffer.from(part))
  const isExtended = chunks[0]?.toString('latin1', 0, 4) === 'VP8X'
  if (isExtended) chunks[0]![8]! &= ~exifAndXmp
  if (turned !== undefined) {
    if (!isExtended) chunks.unshift(extendedHeader(width, height))
    chunks[0]![8]! |= exif
    const chunk = Buffer.alloc(8 + turned.length)
    chunk.write('EXIF', 0, 'latin1')
    chunk.writeUInt32LE(turned.length, 4)
    chunk.set(turned, 8)
    chunks.push(chunk)
  }
  const body = Buffer.concat(chunks)
  const header = Buffer.from('RIFF\0\0\0\0WEBP', 'latin1')
  header.writeUInt32LE(body.length + 4, 4)
  return new Uint8Array(Buffer.concat([header, body]))
}

function extendedHeader(width: number, height: number): Buffer<ArrayBuffer> {
  const header = Buffer.alloc(18)
  header.write('VP8X', 0, 'latin1')
  header.writeUInt32LE(10, 4)
  header.writeUIntLE(width - 1, 12, 3)
  header.writeUIntLE(height - 1, 15, 3)
  return header
}
