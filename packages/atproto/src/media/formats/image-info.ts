/** The types that are read. */
export type ImageType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif' | 'image/avif'

/** What the headers of an image say; nothing was decoded. */
export interface ImageInfo {
  readonly type: ImageType
  /** Pixels as stored, before the orientation is applied. */
  readonly width: number
  readonly height: number
  /** 1 to 8, as EXIF has it: 6 is a quarter turn to the right. */
  readonly orientation: number
  readonly animated: boolean
  /** `cmyk` for images made for printing. */
  readonly colors: 'rgb' | 'cmyk'
  /** Where the image ends; what stands behind is not part of it. */
  readonly end: number
  /** Parts to keep, in order: all others are metadata. */
  readonly kept: readonly FilePart[]
}

/** A part of a file: a segment, a chunk, a block. */
export interface FilePart {
  readonly start: number
  readonly end: number
}

/** The size that is shown. */
export function shownSize({ width, height, orientation }: ImageInfo): {
  readonly width: number
  readonly height: number
} {
  return orientation > 4 ? { width: height, height: width } : { width, height }
}
