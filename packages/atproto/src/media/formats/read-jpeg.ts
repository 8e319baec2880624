import { mediaErrors } from '../errors.ts'
import { readOrientation } from './exif-orientation.ts'
import type { FilePart, ImageInfo } from './image-info.ts'

const startOfScan = 0xda
const endOfImage = 0xd9
/** Frames of all kinds: C0 to CF without DHT, JPG and DAC. */
const notFrames = new Set([0xc4, 0xc8, 0xcc])

/** The segments of a JPEG (ITU T.81), from its beginning to its end. @throws `ATPROTO_MEDIA_DAMAGED` */
export function readJpeg(bytes: Uint8Array): ImageInfo {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kept: FilePart[] = [{ start: 0, end: 2 }]
  let frame: { readonly width: number; readonly height: number; readonly components: number } | undefined
  let orientation = 1
  let index = 2
  for (;;) {
    if (index + 2 > view.length) throw damaged('its end is missing', view.length)
    if (view[index] !== 0xff) throw damaged('there is no marker', index)
    const marker = view[index + 1]!
    if (marker === 0xff) {
      index++
      continue
    }
    if (marker === endOfImage) {
      kept.push({ start: index, end: index + 2 })
      break
    }
    const length = index + 4 <= view.length ? view.readUInt16BE(index + 2) : 0
    const end = index + 2 + length
    if (length < 2 || end > view.length) throw damaged('a segment is cut off', index)
    if (marker >= 0xc0 && marker <= 0xcf && !notFrames.has(marker)) {
      if (length < 8) throw damaged('its frame is too short', index)
      frame ??= {
        height: view.readUInt16BE(index + 5),
        width: view.readUInt16BE(index + 7),
        components: view[index + 9]!,
      }
    }
    if (marker === 0xe1 && view.toString('latin1', index + 4, index + 10) === 'Exif\0\0')
      orientation = readOrientation(view.subarray(index + 10, end))
    const next = marker === startOfScan ? endOfScan(view, end) : end
    if (isKept(view, index, marker)) kept.push({ start: index, end: next })
    index = next
  }
  if (frame === undefined || frame.width === 0 || frame.height === 0) throw damaged('it has no size', 0)
  const { width, height, components } = frame
  const colors = components === 4 ? 'cmyk' : 'rgb'
  return { type: 'image/jpeg', width, height, orientation, animated: false, colors, end: index + 2, kept }
}

/** The next marker that is not one of those within a scan. */
function endOfScan(view: Buffer, from: number): number {
  for (let index = from; ; index += 2) {
    index = view.indexOf(0xff, index)
    if (index < 0 || index + 1 >= view.length) return view.length
    const marker = view[index + 1]!
    if (marker === 0xff) index--
    else if (marker !== 0 && !(marker >= 0xd0 && marker <= 0xd7)) return index
  }
}

/** JFIF without a preview, the colour profile, and Adobe's note on colours; no other application's, and no comment. */
function isKept(view: Buffer, start: number, marker: number): boolean {
  if (marker === 0xfe) return false
  if (marker < 0xe0 || marker > 0xef) return true
  const name = view.toString('latin1', start + 4, start + 16)
  if (marker === 0xe0) return name.startsWith('JFIF\0') && view[start + 16] === 0 && view[start + 17] === 0
  return (marker === 0xe2 && name.startsWith('ICC_PROFILE\0')) || (marker === 0xee && name.startsWith('Adobe'))
}

function damaged(reason: string, offset: number): Error {
  return mediaErrors.ATPROTO_MEDIA_DAMAGED({ type: 'JPEG', reason, offset })
}
