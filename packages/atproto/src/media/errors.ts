import { defineErrors } from '@exprsn/core'

/** What goes wrong with images, videos and link cards. */
export const mediaErrors = defineErrors({
  ATPROTO_MEDIA_TYPE_REFUSED: {
    message: 'The file is {type}, which posts do not take.',
    help: 'Use JPEG, PNG, WebP, GIF or AVIF for images, and MP4 for videos. SVG is refused as it may bear scripts.',
    status: 415,
  },
  ATPROTO_MEDIA_DAMAGED: {
    message: 'The {type} is damaged: {reason}, at byte {offset}.',
    help: 'Pass the whole file: it may have been cut off on its way.',
    status: 422,
  },
  ATPROTO_MEDIA_TOO_MANY_PIXELS: {
    message: 'The image has {width} × {height} pixels; {limit} are read at most.',
    help: 'Make it smaller before, or raise maxPixels. It was not decoded.',
    status: 413,
  },
  ATPROTO_MEDIA_TOO_LARGE: {
    message: 'The {type} has {bytes} bytes, and {limit} are allowed.',
    help: 'Pass a processor, such as sharpImages(), that makes images smaller.',
    status: 413,
  },
  ATPROTO_MEDIA_NEEDS_PROCESSOR: {
    message: 'The image cannot be posted as it is: {reason}.',
    help: 'Pass a processor, such as sharpImages(), that turns it into one that every client shows.',
    status: 415,
  },
  ATPROTO_MEDIA_NOT_CONVERTED: {
    message: 'The image could not be decoded: {reason}.',
    help: 'Check that the file opens elsewhere. It is parked, and nothing was uploaded.',
    status: 422,
  },
  ATPROTO_MEDIA_DRIVER_MISSING: {
    message: 'The package {package} is not installed.',
    help: 'Run: npm i {package}',
  },
  ATPROTO_MEDIA_LOADER_MISSING: {
    message: 'The mapping {mapping} has no media: the file {ref} cannot be read.',
    help: 'Give the mapping a function media that reads a file by its name.',
    status: 500,
  },
  ATPROTO_MEDIA_CARD_UNREADABLE: {
    message: 'No card could be made of {url}: {reason}.',
    help: 'Give the title and description of the card yourself.',
    status: 422,
  },
  ATPROTO_MEDIA_VIDEO_REFUSED: {
    message: 'The video service refused the video: {reason}.',
    help: 'Change the video. Services allow a number of videos a day, and need an account whose e-mail address is confirmed.',
    status: 422,
  },
  ATPROTO_MEDIA_VIDEO_UNFINISHED: {
    message: 'The video service has not finished the video: {state}.',
    help: 'Nothing to do: it is asked again later, and the video is not sent a second time.',
    retryable: true,
    status: 504,
  },
})
