/**
 * The files of posts: images made to fit and without metadata, videos, and the cards of links; limits are read from the
 * lexicons.
 *
 * @packageDocumentation
 */
export { createCardReader, type CardReader, type CardReaderOptions } from './card/create-card-reader.ts'
export type { PageCard } from './card/link-card.ts'
export { mediaErrors } from './errors.ts'
export type { FilePart, ImageInfo, ImageType } from './formats/image-info.ts'
export type { ImageProcessor, ImageTask } from './image-processor.ts'
export { mediaLimits, type FileLimit, type MediaLimits } from './media-limits.ts'
export { prepareImage, type PreparedImage, type PrepareImageOptions } from './prepare-image.ts'
export { readImage } from './read-image.ts'
export { sniffMedia } from './sniff-media.ts'
export { stripMetadata } from './strip-metadata.ts'
export {
  createVideoUploader,
  type VideoAccount,
  type VideoUploader,
  type VideoUploaderOptions,
} from './video/upload-video.ts'
