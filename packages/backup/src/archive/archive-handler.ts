import { createHash, timingSafeEqual } from 'node:crypto'
import { createRouter, reply, replyContent } from '@exprsn/core/http'
import { archiveErrors } from './errors.ts'
import { walFileStore, type WalFileStoreOptions } from './wal-file-store.ts'

/** Options of {@link createArchiveHandler}. */
export interface ArchiveHandlerOptions extends WalFileStoreOptions {
  /** What a caller must show as a bearer token. @default none: who reaches the handler may archive */
  readonly token?: string | undefined
  /** Told of each file that is durable. */
  readonly onArchived?: ((file: { readonly name: string; readonly bytes: number }) => void) | undefined
}

/** Bytes of the largest segment that PostgreSQL can be built with. */
const largestFile = 2 ** 30

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
export function createArchiveHandler(options: ArchiveHandlerOptions): (request: Request) => Promise<Response> {
  const { token, onArchived } = options
  if (token !== undefined && token.length < 16)
    throw archiveErrors.BACKUP_ARCHIVE_OPTION_INVALID({ option: 'token', reason: 'it is shorter than 16 characters' })
  const files = walFileStore(options)
  const router = createRouter({ bodyTimeout: '10m', csrf: false })
  router.route({
    method: 'PUT',
    path: '/wal/:name',
    bodyKind: 'bytes',
    bodyLimit: largestFile,
    summary: 'Stores a file of the log; answers when it is durable.',
    responses: { 201: 'Durable.' },
    handler: async ({ params, body, signal }) => {
      const bytes = body as Uint8Array
      await files.put(params.name, bytes, { signal })
      onArchived?.({ name: params.name, bytes: bytes.length })
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      return reply({ name: params.name, sha256 }, { status: 201 })
    },
  })
  router.route({
    method: 'GET',
    path: '/wal/:name',
    summary: 'A file of the log.',
    responses: { 200: 'The file.', 404: 'It is not there: the log ends before.' },
    handler: async ({ params, signal }) => {
      const bytes = await files.get(params.name, { signal })
      return replyContent(Uint8Array.from(bytes))
    },
  })
  return async (request) => {
    if (token !== undefined && !isAllowed(request, token)) return new Response(null, { status: 401 })
    return router.fetch(request)
  }
}

/** Compared as digests: those have the same length, whatever was sent. */
function isAllowed(request: Request, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  const sent = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1] ?? ''
  return timingSafeEqual(digest(sent), digest(token))
}
