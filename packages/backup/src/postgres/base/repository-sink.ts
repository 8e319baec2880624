import type { BackupSink } from '../../base-backup/sink.ts'
import { looksIncompressible } from '../../chunking/index.ts'
import type { BlobWriter, ContentId } from '../../repository/index.ts'
import type { TreeBuilder } from '../tree-builder.ts'

/** Options of {@link repositorySink}. */
export interface RepositorySinkOptions {
  readonly writer: BlobWriter
  readonly tree: TreeBuilder
  /** Bytes per chunk; a multiple of the page size, so that a page that did not change lies in a chunk that did not. */
  readonly chunkSize: number
}

/** What went into the repository. */
export interface RepositorySink extends BackupSink {
  files(): number
}

/** Chunks that may wait to be stored before the server is held back. */
const mostWaiting = 16

/**
 * Stores a base backup as the tree that `pg_basebackup -Fp` would make: `base/` is a data folder, `tablespaces/<oid>/`
 * stands beside it and is linked from `base/pg_tblspc`. Every file is cut at fixed places from its beginning.
 */
export function repositorySink({ writer, tree, chunkSize }: RepositorySinkOptions): RepositorySink {
  const free: Uint8Array<ArrayBuffer>[] = []
  let tail: Promise<void> = Promise.resolve()
  let waiting = 0
  let files = 0
  let failed: { readonly error: unknown } | undefined
  // Pages nearly always compress, and whoever tries finds out: beforehand it is only looked at where it was in vain.
  let isHard = false
  let content: ContentId[] = []
  let buffer = new Uint8Array(chunkSize)
  let filled = 0
  let size = 0
  let finishFile: () => void = () => {}

  const enqueue = (work: () => Promise<void>): void => {
    waiting++
    tail = tail
      .then(() => (failed === undefined ? work() : undefined))
      .catch((error: unknown) => void (failed ??= { error }))
      .finally(() => waiting--)
  }
  const store = (plain: Uint8Array, stored: () => void): void => {
    const ids = content
    enqueue(async () => {
      const saved = await writer.save('data', plain, {
        compress: isHard && looksIncompressible(plain) ? false : 'pages',
      })
      if (saved.added) isHard = saved.stored >= plain.length
      ids.push(saved.id)
      stored()
    })
  }
  const storeBuffer = (): void => {
    const full = buffer
    store(full.subarray(0, filled), () => void free.push(full))
    buffer = free.pop() ?? new Uint8Array(chunkSize)
    filled = 0
  }
  const settled = async (): Promise<void> => {
    await tail
    if (failed !== undefined) throw failed.error
  }

  return {
    files: () => files,
    folder(path, mode) {
      const tablespace = /^pg_tblspc\/(\d+)$/.exec(path)?.[1]
      if (tablespace === undefined) return tree.folder(placeOf(path), mode)
      tree.folder(`tablespaces/${tablespace}`, 0o700)
      tree.symlink(`base/${path}`, `../../tablespaces/${tablespace}`)
    },
    symlink: (path, target) => tree.symlink(placeOf(path), target),
    file({ path, mode, modifiedAt }) {
      const ids: ContentId[] = []
      content = ids
      size = 0
      files++
      finishFile = () => {
        const total = size
        // After its chunks: the list of ids is complete then.
        enqueue(async () =>
          tree.file(placeOf(path), {
            size: total,
            content: ids,
            mode,
            modifiedAt: BigInt(modifiedAt) * 1_000_000_000n,
          }),
        )
      }
    },
    write(bytes, isHeld = false) {
      if (failed !== undefined) throw failed.error
      let from = 0
      // What stays where it is need not be copied.
      if (isHeld && filled === 0)
        for (; from + chunkSize <= bytes.length; from += chunkSize)
          store(bytes.subarray(from, from + chunkSize), () => {})
      const isLent = from > 0
      while (from < bytes.length) {
        const piece = bytes.subarray(from, from + chunkSize - filled)
        buffer.set(piece, filled)
        filled += piece.length
        from += piece.length
        if (filled === chunkSize) storeBuffer()
      }
      size += bytes.length
      return isLent || waiting > mostWaiting ? settled() : undefined
    },
    endFile() {
      if (filled > 0) storeBuffer()
      finishFile()
      finishFile = () => {}
    },
    finish: settled,
    async abort() {
      failed ??= { error: new DOMException('The base backup was given up.', 'AbortError') }
      await tail
    },
  }
}

/** Where a file of the manifest stands in the tree. */
function placeOf(path: string): string {
  const tablespace = /^pg_tblspc\/(\d+)\/(.+)$/.exec(path)
  return tablespace === null ? `base/${path}` : `tablespaces/${tablespace[1]}/${tablespace[2]}`
}
