import { basename } from 'node:path'
import { displayPath, walk, type Disk } from '@exprsn/core/disk'
import { isPageIntact } from '../../base-backup/pages/page-checksum.ts'
import { pageSize, pagesPerSegment } from '../../base-backup/pages/page.ts'
import { parseRelationFile } from '../../base-backup/pages/relation-file.ts'

/** What a look at every page found. */
export interface CheckedPages {
  readonly pages: number
  /** The first hundred pages with a wrong checksum: file and number of the page in it. */
  readonly damaged: readonly { readonly path: string; readonly page: number }[]
}

const mostListed = 100
const step = 128

/** Reads every relation of a stopped server whose cluster has data checksums. */
export async function checkPages(disk: Disk, folders: readonly string[], signal?: AbortSignal): Promise<CheckedPages> {
  const damaged: { path: string; page: number }[] = []
  let pages = 0
  // One for all files: a cluster has a thousand, most of a page or two.
  const words = new Uint32Array((step * pageSize) / 4)
  const bytes = new Uint8Array(words.buffer)
  for (const folder of folders)
    for await (const { path, stat } of walk(disk, folder, { signal })) {
      const segment = stat.kind === 'file' ? relationSegment(displayPath(path)) : undefined
      if (segment === undefined) continue
      const file = await disk.open(path, 'read')
      try {
        for (let page = 0; ; page += step) {
          signal?.throwIfAborted()
          const count = Math.floor((await file.read(bytes, page * pageSize)) / pageSize)
          for (let index = 0; index < count; index++) {
            const one = words.subarray((index * pageSize) / 4, ((index + 1) * pageSize) / 4)
            if (isPageIntact(one, segment * pagesPerSegment + page + index)) continue
            if (damaged.length < mostListed) damaged.push({ path: displayPath(path), page: page + index })
          }
          pages += count
          if (count < step) break
        }
      } finally {
        await file.close()
      }
    }
  return { pages, damaged }
}

/** The number of a file in its relation: `16384.3` is 3; undefined for files that are no relation. */
function relationSegment(path: string): number | undefined {
  const isRelation = /(^|\/)(global|base\/\d+|PG_\d+_\d+\/\d+)\/[^/]+$/.test(path)
  return isRelation ? parseRelationFile(basename(path))?.segment : undefined
}
