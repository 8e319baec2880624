import { mediaErrors } from '../errors.ts'
import { readOrientation } from './exif-orientation.ts'
import type { FilePart, ImageInfo } from './image-info.ts'

const shown = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP'])

/** The chunks of a WebP (RFC 9649). @throws `ATPROTO_MEDIA_DAMAGED` */
export function readWebp(bytes: Uint8Array): ImageInfo {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const total = view.length >= 12 ? view.readUInt32LE(4) + 8 : 0
  if (total < 20 || total > view.length) throw damaged('its end is missing', view.length)
  const kept: FilePart[] = []
  let orientation = 1
  let animated = false
  let size: { readonly width: number; readonly height: number } | undefined
  for (let index = 12; index + 8 <= total;) {
    const name = view.toString('latin1', index, index + 4)
    const length = view.readUInt32LE(index + 4)
    const end = index + 8 + length + (length % 2)
    if (end > total + 1) throw damaged(`the chunk ${name.trim()} is cut off`, index)
    const data = view.subarray(index + 8, index + 8 + length)
    size ??= sizeOf(name, data, index)
    if (name === 'EXIF') orientation = readOrientation(withoutPrefix(data))
    if (name === 'ANIM' || name === 'ANMF') animated = true
    if (shown.has(name)) kept.push({ start: index, end: Math.min(end, view.length) })
    index = end
  }
  if (size === undefined) throw damaged('it has no size', 12)
  return { type: 'image/webp', ...size, orientation, animated, colors: 'rgb', end: total, kept }
}

function sizeOf(name: string, data: Buffer, offset: number): { readonly width: number; readonly height: number } {
  if (name === 'VP8X' && data.length >= 10)
    return { width: data.readUIntLE(4, 3) + 1, height: data.readUIntLE(7, 3) + 1 }
  if (name === 'VP8 ' && data.length >= 10 && data.readUIntBE(3, 3) === 0x9d012a)
    return { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff }
  if (name === 'VP8L' && data.length >= 5 && data[0] === 0x2f) {
    const bits = data.readUInt32LE(1)
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
  }
  throw damaged('it does not begin with its size', offset)
}

/** Some programs write the prefix of JPEG here, too. */
function withoutPrefix(data: Buffer): Buffer {
  return data.toString('latin1', 0, 6) === 'Exif\0\0' ? data.subarray(6) : data
}

function damaged(reason: string, offset: number): Error {
  return mediaErrors.ATPROTO_MEDIA_DAMAGED({ type: 'WebP', reason, offset })
}
