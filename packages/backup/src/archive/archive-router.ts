import { createHash } from 'node:crypto'
import { equalSecrets } from '@exprsn/core/bytes'
import { createRouter, reply, replyContent, type Authenticator, type Router } from '@exprsn/core/http'
import type { ArchiveHandlerOptions } from './archive-handler.ts'
import { archiveErrors } from './errors.ts'
import { walFileStore } from './wal-file-store.ts'

/** Bytes of the largest segment that PostgreSQL can be built with. */
const largestFile = 2 ** 30

/** The routes of `createArchiveHandler`. Throws `BACKUP_ARCHIVE_OPTION_INVALID`. */
export function archiveRouter({ token, onArchived, ...options }: ArchiveHandlerOptions): Router {
  if (token !== undefined && token.length < 16)
    throw archiveErrors.BACKUP_ARCHIVE_OPTION_INVALID({ option: 'token', reason: 'it is shorter than 16 characters' })
  const files = walFileStore(options)
  const auth = token === undefined ? undefined : tokenAuth(token)
  return createRouter({ bodyTimeout: '10m', csrf: false, auth })
    .route({
      method: 'PUT',
      path: '/wal/:name',
      bodyKind: 'bytes',
      bodyLimit: largestFile,
      summary: 'Stores a file of the log; answers when it is durable.',
      tags: ['archive'],
      responses: { 201: 'Durable.' },
      handler: async ({ params, body, signal }) => {
        const bytes = body as Uint8Array
        await files.put(params.name, bytes, { signal })
        onArchived?.({ name: params.name, bytes: bytes.length })
        const sha256 = createHash('sha256').update(bytes).digest('hex')
        return reply({ name: params.name, sha256 }, { status: 201 })
      },
    })
    .route({
      method: 'GET',
      path: '/wal/:name',
      summary: 'A file of the log.',
      tags: ['archive'],
      responses: { 200: 'The file.', 404: 'It is not there: the log ends before.' },
      handler: async ({ params, signal }) => {
        const bytes = await files.get(params.name, { signal })
        return replyContent(Uint8Array.from(bytes))
      },
    })
}

/** A bearer token that all callers share. */
function tokenAuth(token: string): Authenticator {
  const caller = { subject: 'archive', kind: 'api-key', via: 'header', roles: [], scopes: [], claims: {} } as const
  return {
    name: 'token',
    scheme: { type: 'http', scheme: 'bearer' },
    challenge: 'Bearer',
    authenticate: (request) => (isAllowed(request, token) ? caller : undefined),
  }
}

function isAllowed(request: Request, token: string): boolean {
  const sent = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1] ?? ''
  return equalSecrets(sent, token)
}
