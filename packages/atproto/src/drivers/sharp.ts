/**
 * Images made smaller and upright, through the optional peer `sharp`.
 *
 * @packageDocumentation
 */
import { mediaErrors, type ImageProcessor, type ImageTask } from '../media/index.ts'
import { loadSharp, type SharpFactory, type SharpImage } from './sharp/load-sharp.ts'

export type { SharpFactory, SharpImage } from './sharp/load-sharp.ts'

/** Options of {@link sharpImages}. */
export interface SharpImagesOptions {
  /** The lowest quality, of 100; below it the image is made smaller instead. @default 70 */
  readonly lowestQuality?: number | undefined
  /** @default 92 */
  readonly highestQuality?: number | undefined
  /** The host's own copy of the package. @default loaded on first use */
  readonly sharp?: SharpFactory | undefined
}

const shrink = 0.75
const mostSizes = 12

/**
 * Decodes an image once and looks for the best quality at which it fits, halving the range; where even the lowest is too
 * large, the image is made smaller. Images with transparency become WebP, all others JPEG. The result stands upright, is in
 * sRGB and bears no metadata.
 *
 * @throws `ATPROTO_MEDIA_DRIVER_MISSING` on first use when `sharp` is not installed
 * @example
 * ```ts no-run
 * import { sharpImages } from '@exprsn/atproto/drivers/sharp'
 * import { prepareImage } from '@exprsn/atproto/media'
 *
 * declare const photo: Uint8Array
 * const { bytes } = await prepareImage(photo, { maxBytes: 2_000_000, processor: sharpImages() })
 * ```
 */
export function sharpImages(options: SharpImagesOptions = {}): ImageProcessor {
  return new SharpImages(options)
}

interface Pixels {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
  readonly channels: number
}

class SharpImages implements ImageProcessor {
  readonly #options: SharpImagesOptions

  constructor(options: SharpImagesOptions) {
    this.#options = options
  }

  async convert(bytes: Uint8Array, task: ImageTask): Promise<Uint8Array> {
    const { lowestQuality = 70, highestQuality = 92 } = this.#options
    const sharp = this.#options.sharp ?? (await loadSharp())
    try {
      const pixels = await decode(sharp, bytes, task)
      for (let size = 0, scale = 1; size < mostSizes; size++, scale *= shrink) {
        const scaled = await rescale(sharp, pixels, scale)
        const found = await bestOf(sharp, scaled, task, lowestQuality, highestQuality)
        if (found !== undefined) return found
      }
    } catch (error) {
      task.signal?.throwIfAborted()
      throw mediaErrors.ATPROTO_MEDIA_NOT_CONVERTED({ reason: messageOf(error) }, { cause: error })
    }
    throw mediaErrors.ATPROTO_MEDIA_NOT_CONVERTED({ reason: `it fits into no ${task.maxBytes} bytes` })
  }
}

async function decode(sharp: SharpFactory, bytes: Uint8Array, { maxPixels, maxSide }: ImageTask): Promise<Pixels> {
  const image = sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error', sequentialRead: true })
  const upright = image.rotate().resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true })
  const { data, info } = await upright.toColourspace('srgb').raw().toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height, channels: info.channels }
}

async function rescale(sharp: SharpFactory, pixels: Pixels, scale: number): Promise<Pixels> {
  if (scale === 1) return pixels
  const width = Math.max(1, Math.round(pixels.width * scale))
  const height = Math.max(1, Math.round(pixels.height * scale))
  const image = ofPixels(sharp, pixels).resize({ width, height, fit: 'fill' })
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
  return { data, width: info.width, height: info.height, channels: info.channels }
}

/** The highest quality that fits, within three of it; undefined when none does. */
async function bestOf(
  sharp: SharpFactory,
  pixels: Pixels,
  { maxBytes, signal }: ImageTask,
  lowest: number,
  highest: number,
): Promise<Uint8Array | undefined> {
  const isOpaque = pixels.channels === 1 || pixels.channels === 3
  const encode = async (quality: number): Promise<Uint8Array> => {
    signal?.throwIfAborted()
    const image = ofPixels(sharp, pixels)
    const { data } = await (isOpaque ? image.jpeg({ quality, progressive: true }) : image.webp({ quality })).toBuffer({
      resolveWithObject: true,
    })
    return data
  }
  const best = await encode(highest)
  if (best.length <= maxBytes) return best
  let found: Uint8Array | undefined
  for (let [low, high] = [lowest, highest - 1]; high - low > 2 || found === undefined;) {
    const quality = found === undefined ? low : Math.ceil((low + high) / 2)
    const made = await encode(quality)
    if (made.length <= maxBytes) {
      found = made
      low = quality
    } else if (found === undefined) return undefined
    else high = quality - 1
  }
  return found
}

function ofPixels(sharp: SharpFactory, { data, width, height, channels }: Pixels): SharpImage {
  return sharp(data, { raw: { width, height, channels } })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 200) : 'it failed'
}
