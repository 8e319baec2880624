import fc from 'fast-check'
import sharp, { type Sharp } from 'sharp'
import { describe, expect, it } from 'vitest'
import { mediaLimits, prepareImage, readImage, sniffMedia, stripMetadata } from '@exprsn/atproto/media'
import { sharpImages } from '@exprsn/atproto/drivers/sharp'
import { noise, picture, pixelAt, raw, withPlace } from './sample-images.ts'
import { chunk, pngOfSize } from './sample-png.ts'

const maxBytes = mediaLimits().image.maxBytes
const processor = sharpImages()
const secrets = ['Someone', 'Camera', 'GPS', '51.5', 'photoshop', 'hidden']

function tells(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes).toString('latin1')
  return secrets.filter((secret) => text.includes(secret))
}

describe('what images say of themselves', () => {
  it.for([
    ['image/jpeg', (image: Sharp) => image.jpeg()],
    ['image/jpeg', (image: Sharp) => image.jpeg({ progressive: true })],
    ['image/png', (image: Sharp) => image.png()],
    ['image/webp', (image: Sharp) => image.webp()],
    ['image/webp', (image: Sharp) => image.webp({ lossless: true })],
    ['image/gif', (image: Sharp) => image.gif()],
    ['image/avif', (image: Sharp) => image.avif()],
  ] as const)('%s', async ([type, encode]) => {
    const bytes = await encode(raw(65, 33)).toBuffer()
    expect(readImage(bytes)).toMatchObject({
      type,
      width: 65,
      height: 33,
      orientation: 1,
      animated: false,
      end: bytes.length,
    })
    expect(sniffMedia(bytes)).toBe(type)
  })

  it('the type is told by the bytes, and what is no image is refused', () => {
    const cases: [string, string | undefined][] = [
      ['<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'image/svg+xml'],
      ['\ufeff  <?xml version="1.0"?><!-- x --><svg/>', 'image/svg+xml'],
      ['<html><body>', undefined],
      ['%PDF-1.7', 'application/pdf'],
      ['BM....', 'image/bmp'],
      ['', undefined],
      ['\0\0\0\u0018ftypheic....', 'image/heic'],
      ['\0\0\0\u0018ftypisom....', 'video/mp4'],
    ]
    for (const [text, type] of cases) {
      expect(sniffMedia(Buffer.from(text))).toBe(type)
      expect(() => readImage(Buffer.from(text))).toThrow('which posts do not take')
    }
  })

  it('every cut is noticed, and no byte makes it hang or throw anything else', async () => {
    const files = await Promise.all([
      raw(9, 9).jpeg().toBuffer(),
      raw(9, 9).png().toBuffer(),
      raw(9, 9).webp().toBuffer(),
      raw(9, 9).gif().toBuffer(),
    ])
    for (const file of files)
      for (let length = 0; length < file.length; length++)
        expect(() => readImage(file.subarray(0, length))).toThrow(/damaged|do not take/)
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        (file, flips) => {
          const changed = Buffer.from(file)
          for (const [at, value] of flips) changed[at % changed.length] = value
          try {
            stripMetadata(changed)
          } catch (error) {
            expect((error as { code: string }).code).toMatch(/^ATPROTO_MEDIA_/)
          }
        },
      ),
      { numRuns: 3_000 },
    )
  })
})

describe('metadata', () => {
  it.for([
    ['jpeg', (image: Sharp) => image.jpeg()],
    ['png', (image: Sharp) => image.png()],
    ['webp', (image: Sharp) => image.webp()],
  ] as const)('of a %s is taken out: the place, the camera, and what stands behind the end', async ([, encode]) => {
    const original = await encode(withPlace(raw(64, 32))).toBuffer()
    const bytes = Buffer.concat([original, Buffer.from('hidden')])
    expect(tells(bytes).length).toBeGreaterThan(2)
    const stripped = stripMetadata(bytes)
    expect(tells(stripped)).toEqual([])
    expect(readImage(stripped)).toMatchObject({ orientation: 6, width: 64, height: 32 })
    const { data } = await sharp(stripped).raw().toBuffer({ resolveWithObject: true })
    expect(data.equals((await sharp(original).raw().toBuffer({ resolveWithObject: true })).data)).toBe(true)
    expect((await sharp(stripped).metadata()).orientation).toBe(6)
    expect(stripMetadata(stripped)).toEqual(stripped)
  })

  it('texts and comments are taken out, animations and profiles are not', async () => {
    const png = await picture()
    const withText = Buffer.concat([
      png.subarray(0, 33),
      chunk('tEXt', Buffer.from('Author\0Someone')),
      png.subarray(33),
    ])
    expect(tells(stripMetadata(withText))).toEqual([])
    const profile = await raw(8, 8).withIccProfile('p3').jpeg().toBuffer()
    expect((await sharp(stripMetadata(profile)).metadata()).icc).toBeDefined()
    const frames = await Promise.all([picture(8, 8), raw(8, 8).negate().png().toBuffer()])
    const gif = await sharp(frames, { join: { animated: true } })
      .gif({ loop: 3 })
      .toBuffer()
    const comment = Buffer.concat([gif.subarray(0, -1), Buffer.from('\x21\xfe\x07Someone\0\x3b', 'latin1')])
    expect(tells(comment)).toEqual(['Someone'])
    const stripped = stripMetadata(comment)
    expect(tells(stripped)).toEqual([])
    expect(readImage(stripped).animated).toBe(true)
    expect(await sharp(stripped, { animated: true }).metadata()).toMatchObject({ pages: 2, loop: 3 })
  })
})

describe('prepareImage', () => {
  it('leaves the pixels of an image that fits alone', async () => {
    const bytes = await withPlace(raw(64, 32), 1).jpeg().toBuffer()
    const made = await prepareImage(bytes, { maxBytes, processor })
    expect(made).toMatchObject({ type: 'image/jpeg', width: 64, height: 32 })
    expect(tells(made.bytes)).toEqual([])
    const pixels = (file: Uint8Array) => sharp(file).raw().toBuffer()
    expect((await pixels(made.bytes)).equals(await pixels(bytes))).toBe(true)
  })

  it('turns an image upright, and tells the size that is shown', async () => {
    const bytes = await withPlace(raw(64, 32), 6).jpeg({ quality: 100 }).toBuffer()
    for (const options of [{ maxBytes, processor }, { maxBytes }]) {
      const made = await prepareImage(bytes, options)
      expect(made).toMatchObject({ width: 32, height: 64 })
      expect(tells(made.bytes)).toEqual([])
      // What was left is above after a quarter turn to the right.
      const [red, , blue] = await pixelAt(made.bytes, 16, 8)
      expect(red! > 200 && blue! < 60).toBe(true)
    }
    expect(readImage((await prepareImage(bytes, { maxBytes, processor })).bytes).orientation).toBe(1)
  })

  it('makes an image that is too large fit, as well as it can', async () => {
    const bytes = await noise(700, 500).png().toBuffer()
    const made = await prepareImage(bytes, { maxBytes: 200_000, processor })
    expect(made.type).toBe('image/jpeg')
    expect(made.bytes.length).toBeLessThanOrEqual(200_000)
    expect(made.bytes.length).toBeGreaterThan(150_000)
    const tiny = await prepareImage(bytes, { maxBytes: 5_000, processor })
    expect(tiny.bytes.length).toBeLessThanOrEqual(5_000)
    expect(tiny.width / tiny.height).toBeCloseTo(1.4, 1)
    await expect(prepareImage(bytes, { maxBytes: 200_000 })).rejects.toMatchObject({ code: 'ATPROTO_MEDIA_TOO_LARGE' })
    expect((await prepareImage(bytes, { maxBytes: 2_000_000, maxSide: 100, processor })).width).toBe(700)
    expect((await prepareImage(bytes, { maxBytes: 500_000, maxSide: 100, processor })).width).toBe(100)
  })

  it('keeps what one can see through', async () => {
    const bytes = await noise(300, 300, 4).png().toBuffer()
    const made = await prepareImage(bytes, { maxBytes: 60_000, processor })
    expect(made.type).toBe('image/webp')
    expect((await sharp(made.bytes).metadata()).hasAlpha).toBe(true)
  })

  it('makes one picture of an animation that is too large, and keeps one that is not', async () => {
    const frames = await Promise.all([noise(200, 200).png().toBuffer(), noise(200, 200).negate().png().toBuffer()])
    const gif = await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer()
    expect(readImage((await prepareImage(gif, { maxBytes, processor })).bytes).animated).toBe(true)
    const still = await prepareImage(gif, { maxBytes: 40_000, processor })
    expect(still).toMatchObject({ width: 200, height: 200 })
    expect(readImage(still.bytes).animated).toBe(false)
  })

  it('CMYK becomes what screens show, or is refused', async () => {
    const bytes = await raw(64, 32).toColourspace('cmyk').jpeg().toBuffer()
    expect(readImage(bytes).colors).toBe('cmyk')
    const made = await prepareImage(bytes, { maxBytes, processor })
    expect(readImage(made.bytes).colors).toBe('rgb')
    const [red, , blue] = await pixelAt(made.bytes, 8, 16)
    expect(red! > blue!).toBe(true)
    await expect(prepareImage(bytes, { maxBytes })).rejects.toMatchObject({ code: 'ATPROTO_MEDIA_NEEDS_PROCESSOR' })
  })

  it('colours of another profile become sRGB where the image is made anew', async () => {
    const bytes = await withPlace(raw(64, 32), 3).withIccProfile('p3').jpeg().toBuffer()
    const made = await prepareImage(bytes, { maxBytes, processor })
    expect((await sharp(made.bytes).metadata()).icc).toBeUndefined()
  })

  it('AVIF becomes what every client shows', async () => {
    const bytes = await raw(64, 32).avif().toBuffer()
    expect(await prepareImage(bytes, { maxBytes, processor })).toMatchObject({
      type: 'image/jpeg',
      width: 64,
      height: 32,
    })
    await expect(prepareImage(bytes, { maxBytes })).rejects.toMatchObject({ code: 'ATPROTO_MEDIA_NEEDS_PROCESSOR' })
  })

  it('30,000 × 30,000 pixels are refused by their header', async () => {
    const unused = { convert: () => Promise.reject(new Error('it was decoded')) }
    const bytes = pngOfSize(30_000, 30_000)
    await expect(prepareImage(bytes, { maxBytes, processor: unused })).rejects.toMatchObject({
      code: 'ATPROTO_MEDIA_TOO_MANY_PIXELS',
    })
  })

  it('what looks whole and is not is refused when it is decoded', async () => {
    await expect(prepareImage(pngOfSize(500, 500), { maxBytes: 10, processor })).rejects.toMatchObject({
      code: 'ATPROTO_MEDIA_NOT_CONVERTED',
    })
  })

  it('SVG is refused, whatever it is called', async () => {
    await expect(prepareImage(Buffer.from('<svg/>'), { maxBytes, processor })).rejects.toMatchObject({
      code: 'ATPROTO_MEDIA_TYPE_REFUSED',
      message: expect.stringContaining('image/svg+xml'),
    })
  })
})

describe('the driver', () => {
  it('names the package that is missing', async () => {
    const { loadSharp } = await import('../../src/drivers/sharp/load-sharp.ts')
    await expect(loadSharp(() => Promise.reject(new Error('not found')))).rejects.toMatchObject({
      code: 'ATPROTO_MEDIA_DRIVER_MISSING',
      help: expect.stringContaining('npm i'),
    })
  })

  it('gives up when it is told to, and takes a copy of the host', async () => {
    const bytes = await noise(100, 100).png().toBuffer()
    const signal = AbortSignal.abort(new Error('stopped'))
    await expect(
      sharpImages({ sharp: sharp as never }).convert(bytes, { maxBytes: 1, maxSide: 50, maxPixels: 1e6, signal }),
    ).rejects.toThrow('stopped')
    await expect(processor.convert(bytes, { maxBytes: 10, maxSide: 50, maxPixels: 1e6 })).rejects.toThrow('no 10 bytes')
  })
})
