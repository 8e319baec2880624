import { mediaErrors } from '../../media/index.ts'

/** What is used of a sharp image. */
export interface SharpImage {
  rotate(): SharpImage
  resize(options: Readonly<Record<string, unknown>>): SharpImage
  toColourspace(space: string): SharpImage
  raw(): SharpImage
  jpeg(options: Readonly<Record<string, unknown>>): SharpImage
  webp(options: Readonly<Record<string, unknown>>): SharpImage
  toBuffer(options: { readonly resolveWithObject: true }): Promise<{
    readonly data: Uint8Array
    readonly info: { readonly width: number; readonly height: number; readonly channels: number }
  }>
}

/** The function that the package `sharp` exports. */
export type SharpFactory = (bytes: Uint8Array, options?: Readonly<Record<string, unknown>>) => SharpImage

/** The optional peer `sharp`. @throws `ATPROTO_MEDIA_DRIVER_MISSING` */
export async function loadSharp(importSharp?: () => Promise<unknown>): Promise<SharpFactory> {
  try {
    // Written inside the try: bundlers then accept that the package may be absent.
    const loaded = (importSharp === undefined ? await import('sharp') : await importSharp()) as {
      readonly default: SharpFactory
    }
    return loaded.default
  } catch (error) {
    throw mediaErrors.ATPROTO_MEDIA_DRIVER_MISSING({ package: 'sharp' }, { cause: error })
  }
}
