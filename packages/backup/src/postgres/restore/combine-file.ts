import { pageSize } from '../../base-backup/pages/page.ts'
import { damaged, headerLength, parseIncrementalHeader, readBlockCount } from './incremental-file.ts'
import { readExactly, type StoredFile } from './file-pages.ts'

/** A file of one backup of a chain: as it was, or the blocks that changed since the backup before. */
export interface ChainedFile {
  readonly file: StoredFile
  readonly isIncremental: boolean
}

/** Where each block of a combined file comes from: an index into the chain, or −1 for a page of zeros, and an offset there. */
export interface CombinedFile {
  readonly blocks: number
  readonly source: Int16Array
  readonly offset: Float64Array
}

/**
 * Plans how a file is put together from a chain, the newest backup first, the last one whole: each block comes from the
 * newest backup that has it. Behind the length to which the file was ever cut since the backup before, only the newest
 * backup counts. As in PostgreSQL's `pg_combinebackup` (`reconstruct.c`).
 *
 * @throws `BACKUP_POSTGRES_INCREMENTAL_DAMAGED`
 */
export async function planCombination(chain: readonly ChainedFile[], path: string): Promise<CombinedFile> {
  const newest = await headerOf(chain[0]!.file, path)
  const blocks = Math.max(newest.truncationBlocks, (newest.blocks.at(-1) ?? -1) + 1)
  const source = new Int16Array(blocks).fill(-1)
  const offset = new Float64Array(blocks)
  const take = (index: number, block: number, at: number): void => {
    if (source[block] !== -1) return
    source[block] = index
    offset[block] = at
  }
  newest.blocks.forEach((block, index) => take(0, block, newest.dataStart + index * pageSize))
  for (const [index, { file, isIncremental }] of chain.entries()) {
    if (index === 0) continue
    if (isIncremental) {
      const header = await headerOf(file, path)
      header.blocks.forEach((block, place) => {
        if (block < newest.truncationBlocks) take(index, block, header.dataStart + place * pageSize)
      })
    } else {
      const whole = Math.min(newest.truncationBlocks, Math.floor(file.size / pageSize))
      for (let block = 0; block < whole; block++) take(index, block, block * pageSize)
      return { blocks, source, offset }
    }
  }
  throw damaged(path, 'no earlier backup holds the whole file')
}

async function headerOf(file: StoredFile, path: string) {
  const count = readBlockCount(await readExactly(file, 0, 12), path)
  return parseIncrementalHeader(await readExactly(file, 0, headerLength(count)), file.size, path)
}

/** The content of a combined file, some pages at a time; each piece is valid until the next. */
export async function* combinedContent(
  chain: readonly ChainedFile[],
  { blocks, source, offset }: CombinedFile,
): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(pagesPerPiece * pageSize)
  for (let first = 0; first < blocks; first += pagesPerPiece) {
    const count = Math.min(pagesPerPiece, blocks - first)
    buffer.fill(0)
    for (let index = 0; index < count; index++) {
      const from = source[first + index]!
      if (from === -1) continue
      const page = await readExactly(chain[from]!.file, offset[first + index]!, pageSize)
      buffer.set(page, index * pageSize)
    }
    yield buffer.subarray(0, count * pageSize)
  }
}

const pagesPerPiece = 64
