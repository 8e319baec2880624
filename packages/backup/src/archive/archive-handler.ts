import type { FetchHandler } from '@exprsn/core/http'
import { archiveRouter } from './archive-router.ts'
import type { WalFileStoreOptions } from './wal-file-store.ts'

/** Options of {@link createArchiveHandler}. */
export interface ArchiveHandlerOptions extends WalFileStoreOptions {
  /** What a caller must show as a bearer token. @default none: who reaches the handler may archive */
  readonly token?: string | undefined
  /** Told of each file that is durable. */
  readonly onArchived?: ((file: { readonly name: string; readonly bytes: number }) => void) | undefined
}

/**
 * Takes and gives files of a write-ahead log: `PUT /wal/<name>` answers when the file is durable, `GET /wal/<name>` gives it back. The
 * programs of {@link createArchiveServer} speak it, and so does `curl`.
 *
 * @throws `BACKUP_ARCHIVE_OPTION_INVALID`
 * @example
 * ```ts
 * import { createArchiveHandler } from '@exprsn/backup/archive'
 * import { memoryStore } from '@exprsn/core/storage'
 *
 * const handler = createArchiveHandler({ store: memoryStore() })
 * const url = 'http://localhost/wal/00000002.history'
 * await handler(new Request(url, { method: 'PUT', body: '1\t0/3000000\tno recovery target specified\n' }))
 * console.log((await handler(new Request(url))).status) // 200
 * ```
 */
export function createArchiveHandler(options: ArchiveHandlerOptions): FetchHandler {
  return archiveRouter(options).fetch
}
