import { crc32 } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'

/** A picture whose left half is red and whose right half is blue. */
export function picture(width = 64, height = 32, channels: 3 | 4 = 3): Promise<Buffer> {
  return raw(width, height, channels).png().toBuffer()
}

/** The same, not encoded yet. */
export function raw(width: number, height: number, channels: 3 | 4 = 3): Sharp {
  const data = Buffer.alloc(width * height * channels)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * channels
      data[at] = x < width / 2 ? 255 : 0
      data[at + 2] = x < width / 2 ? 0 : 255
      if (channels === 4) data[at + 3] = 128
    }
  return sharp(data, { raw: { width, height, channels } })
}

/** Noise: it does not become small. */
export function noise(width: number, height: number, channels: 3 | 4 = 3): Sharp {
  const data = Buffer.alloc(width * height * channels)
  let state = 1
  for (let index = 0; index < data.length; index++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    data[index] = state >>> 24
  }
  return sharp(data, { raw: { width, height, channels } })
}

/** Where it was taken, by whom, and which way up: as cameras write it. */
export function withPlace(image: Sharp, orientation = 6): Sharp {
  return image
    .withExif({
      IFD0: { Copyright: 'Someone', Make: 'Camera' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' },
    })
    .withMetadata({ orientation })
}

/** A PNG whose header says that it has so many pixels; it has none. */
export function pngOfSize(width: number, height: number): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', Buffer.alloc(10)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A chunk of a PNG. */
export function chunk(name: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + data.length)
  bytes.writeUInt32BE(data.length, 0)
  bytes.write(name, 4, 'latin1')
  bytes.set(data, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length)
  return bytes
}

/** The pixel at a place, as whoever shows the image sees it. */
export async function pixelAt(bytes: Uint8Array, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(bytes).rotate().raw().toBuffer({ resolveWithObject: true })
  return [...data.subarray((y * info.width + x) * info.channels).subarray(0, 3)]
}
