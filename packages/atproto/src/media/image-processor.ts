/** What an image must become. */
export interface ImageTask {
  /** The most bytes of the result. */
  readonly maxBytes: number
  /** The most pixels of the longer side of the result. */
  readonly maxSide: number
  /** An image of more pixels is not decoded. */
  readonly maxPixels: number
  readonly signal?: AbortSignal | undefined
}

/** Decodes and encodes images: `sharpImages()`, or one of your own. */
export interface ImageProcessor {
  /**
   * Makes an image that fits: upright, in sRGB, without metadata, of an animation the first picture.
   *
   * @throws `ATPROTO_MEDIA_NOT_CONVERTED`, `ATPROTO_MEDIA_DRIVER_MISSING`
   */
  convert(bytes: Uint8Array, task: ImageTask): Promise<Uint8Array>
}
