import { crc32 } from 'node:zlib'
import { randomBelow } from '@exprsn/core'
import { mediaErrors, type CardReader } from '@exprsn/atproto/media'
import { pngOfSize } from '../../media/sample-png.ts'
import type { World } from './world.ts'

/** A file of this name is cut off. */
export const brokenFile = 'broken'
/** A page that nobody can read. */
const gonePage = 'https://example.com/gone'
/** A page with a picture. */
export const illustratedPage = 'https://example.com/illustrated'
/** What items show. */
export const pages: readonly string[] = [gonePage, illustratedPage, 'https://example.com/1', 'https://example.com/2']

/** Files of the host: their reader fails now and then, and one of them is damaged. */
export function readFile(world: World, ref: string): Uint8Array {
  if (world.stormy && randomBelow(world.random, 10) === 0) {
    world.hit('file-error')
    throw new Error('the files of the host are away')
  }
  if (ref !== brokenFile) return fileOf(ref)
  world.hit('broken-file')
  return fileOf(ref).subarray(0, 30)
}

/** The file of a name: a picture of a size of its own. */
export function fileOf(ref: string): Uint8Array {
  return pngOfSize(sideOf(ref), 1)
}

/** How wide a file is. */
export function sideOf(ref: string): number {
  return 1 + (crc32(ref) % 1_000)
}

/** Pages that change whenever they are read, and are away now and then. */
export function pageReader(world: World): CardReader {
  let reads = 0
  return {
    async read(uri) {
      if (world.stormy && randomBelow(world.random, 5) === 0) {
        world.hit('page-error')
        throw new Error('the page did not answer')
      }
      if (uri === gonePage) {
        world.hit('page-gone')
        throw mediaErrors.ATPROTO_MEDIA_CARD_UNREADABLE({ url: uri, reason: 'it is gone' })
      }
      const image = uri === illustratedPage ? `${uri}.png` : undefined
      return { uri, title: `read ${++reads} at ${world.clock.now()}`, description: '', image }
    },
    image: async (url) => fileOf(url),
  }
}
