import { mediaErrors } from '../errors.ts'
import type { FilePart, ImageInfo } from './image-info.ts'

/** The blocks of a GIF (GIF89a). @throws `ATPROTO_MEDIA_DAMAGED` */
export function readGif(bytes: Uint8Array): ImageInfo {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.length < 13) throw damaged('its end is missing', view.length)
  const [width, height] = [view.readUInt16LE(6), view.readUInt16LE(8)]
  if (width === 0 || height === 0) throw damaged('it has no size', 6)
  let index = 13 + tableLength(view[10]!)
  const kept: FilePart[] = [{ start: 0, end: index }]
  for (let frames = 0; ;) {
    const kind = view[index]
    const start = index
    if (kind === 0x3b) {
      kept.push({ start, end: start + 1 })
      return {
        type: 'image/gif',
        width,
        height,
        orientation: 1,
        animated: frames > 1,
        colors: 'rgb',
        end: start + 1,
        kept,
      }
    }
    if (kind === 0x2c) {
      frames++
      if (index + 10 > view.length) throw damaged('its end is missing', view.length)
      index = endOfBlocks(view, index + 10 + tableLength(view[index + 9]!) + 1)
    } else if (kind === 0x21) {
      index = endOfBlocks(view, index + 2)
      // Comments are left out, and what programs note, but how often to repeat.
      const isLoop = /^(?:NETSCAPE2\.0|ANIMEXTS1\.0)$/.test(view.toString('latin1', start + 3, start + 14))
      if (view[start + 1] === 0xfe || (view[start + 1] === 0xff && !isLoop)) continue
    } else throw damaged(kind === undefined ? 'its end is missing' : 'there is no block', index)
    kept.push({ start, end: index })
  }
}

function tableLength(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1)
}

function endOfBlocks(view: Buffer, from: number): number {
  let index = from
  for (;;) {
    const length = view[index]
    if (length === undefined) throw damaged('its end is missing', view.length)
    index += length + 1
    if (length === 0) return index
  }
}

function damaged(reason: string, offset: number): Error {
  return mediaErrors.ATPROTO_MEDIA_DAMAGED({ type: 'GIF', reason, offset })
}
