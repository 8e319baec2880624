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

/** The pixel at a place, as whoever shows the image sees it. */
export async function pixelAt(bytes: Uint8Array, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(bytes).rotate().raw().toBuffer({ resolveWithObject: true })
  return [...data.subarray((y * info.width + x) * info.channels).subarray(0, 3)]
}
