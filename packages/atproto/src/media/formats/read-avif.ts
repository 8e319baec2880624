import { mediaErrors } from '../errors.ts'
import type { ImageInfo } from './image-info.ts'

const containers = new Set(['meta', 'iprp', 'ipco'])

/** The size of an AVIF, from its `ispe` boxes (ISO/IEC 23008-12): the largest, as previews have one, too. @throws `ATPROTO_MEDIA_DAMAGED` */
export function readAvif(bytes: Uint8Array): ImageInfo {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let [width, height] = [0, 0]
  const walk = (from: number, to: number): void => {
    for (let index = from; index + 8 <= to;) {
      const length = view.readUInt32BE(index)
      const name = view.toString('latin1', index + 4, index + 8)
      const end = length === 0 ? to : index + length
      if (length === 1) return
      if (end < index + 8 || end > to) throw damaged(`the box ${name} is cut off`, index)
      if (containers.has(name)) walk(index + (name === 'meta' ? 12 : 8), end)
      if (name === 'ispe' && end >= index + 20) {
        const [wide, high] = [view.readUInt32BE(index + 12), view.readUInt32BE(index + 16)]
        if (wide * high > width * height) [width, height] = [wide, high]
      }
      index = end
    }
  }
  walk(0, view.length)
  if (width === 0 || height === 0) throw damaged('it has no size', 0)
  const animated = view.toString('latin1', 8, 12) === 'avis'
  const end = view.length
  return { type: 'image/avif', width, height, orientation: 1, animated, colors: 'rgb', end, kept: [{ start: 0, end }] }
}

function damaged(reason: string, offset: number): Error {
  return mediaErrors.ATPROTO_MEDIA_DAMAGED({ type: 'AVIF', reason, offset })
}
