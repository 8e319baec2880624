import { mediaErrors } from '../errors.ts'
import { readOrientation } from './exif-orientation.ts'
import type { FilePart, ImageInfo } from './image-info.ts'

const shown = new Set(
  'IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD pHYs acTL fcTL fdAT'.split(' '),
)

/** The chunks of a PNG (W3C PNG, third edition). @throws `ATPROTO_MEDIA_DAMAGED` */
export function readPng(bytes: Uint8Array): ImageInfo {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kept: FilePart[] = [{ start: 0, end: 8 }]
  let orientation = 1
  let animated = false
  let size: { readonly width: number; readonly height: number } | undefined
  for (let index = 8; ;) {
    if (index + 12 > view.length) throw damaged('its end is missing', view.length)
    const length = view.readUInt32BE(index)
    const name = view.toString('latin1', index + 4, index + 8)
    const end = index + 12 + length
    if (end > view.length) throw damaged(`the chunk ${name} is cut off`, index)
    if (size === undefined) {
      if (name !== 'IHDR' || length !== 13) throw damaged('it does not begin with its size', index)
      size = { width: view.readUInt32BE(index + 8), height: view.readUInt32BE(index + 12) }
    }
    if (name === 'eXIf') orientation = readOrientation(view.subarray(index + 8, end - 4))
    if (name === 'acTL') animated = true
    if (shown.has(name)) kept.push({ start: index, end })
    index = end
    if (name !== 'IEND') continue
    if (size.width === 0 || size.height === 0) throw damaged('it has no size', 16)
    return { type: 'image/png', ...size, orientation, animated, colors: 'rgb', end, kept }
  }
}

function damaged(reason: string, offset: number): Error {
  return mediaErrors.ATPROTO_MEDIA_DAMAGED({ type: 'PNG', reason, offset })
}
