import { silentLogger, type Clock, type Logger } from '@exprsn/core'
import { createRouter, replyContent, type FetchHandler, type Router } from '@exprsn/core/http'
import { toDataJson } from '../codec/index.ts'
import type { ServedRepos, ServedStatus } from '../federation/index.ts'
import { isRecordPath } from '../repo/index.ts'
import { isDid } from '../syntax/index.ts'
import { servingErrors } from './errors.ts'
import { xrpc } from './xrpc.ts'

const car = { type: 'application/vnd.ipld.car' }

/** Options of {@link repoRouter} and {@link createRepoHandler}. */
export interface RepoRouterOptions {
  /** The repositories. */
  readonly repos: ServedRepos
  /** Told about what goes wrong on our side. @default silentLogger */
  readonly logger?: Logger | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * Serves repositories read-only: `com.atproto.sync.getRepo`, `getRecord`, `getLatestCommit`, `getRepoStatus`, `listRepos` and
 * `getBlob`, and `com.atproto.repo.getRecord`. `createRepoStream` serves the event stream beside it.
 *
 * @example
 * ```ts
 * import { migrate, sqliteDatabase } from '@exprsn/core/database'
 * import { createServedRepos } from '@exprsn/atproto/federation'
 * import { createRepoHandler } from '@exprsn/atproto/http'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const repos = createServedRepos({ database, list: () => [], read: () => undefined })
 * await migrate(database, repos.migrations)
 * const handler = createRepoHandler({ repos })
 * const response = await handler(new Request('https://news.example/xrpc/com.atproto.sync.listRepos'))
 * console.log(await response.json()) // { repos: [] }
 * ```
 */
export function createRepoHandler(options: RepoRouterOptions): FetchHandler {
  return repoRouter(options).fetch
}

/**
 * The same as a router, to be mounted into the host's own.
 *
 * @example
 * ```ts
 * import { sqliteDatabase } from '@exprsn/core/database'
 * import { createServedRepos } from '@exprsn/atproto/federation'
 * import { repoRouter } from '@exprsn/atproto/http'
 * import { createRouter } from '@exprsn/core/http'
 *
 * await using database = sqliteDatabase({ path: ':memory:' })
 * const repos = createServedRepos({ database, list: () => [], read: () => undefined })
 * const router = createRouter().mount('', repoRouter({ repos }))
 * console.log(router.routes.length) // 7
 * ```
 */
export function repoRouter({ repos, logger = silentLogger, clock }: RepoRouterOptions): Router {
  const method = (name: string, summary: string, content: string, handler: Parameters<typeof xrpc>[1]) =>
    ({
      method: 'GET',
      path: `/xrpc/com.atproto.${name}`,
      summary,
      tags: ['repositories'],
      responses: { 200: content, 400: 'No such repository, record or blob.' },
      handler: xrpc(logger, handler),
    }) as const
  return createRouter({ logger, clock, cors: { origins: '*' } })
    .route(
      method('sync.getRepo', 'A whole repository', 'A CAR.', async (query) =>
        replyContent(bytesOf(await repos.archive(didOf(query))), car),
      ),
    )
    .route(
      method('sync.getRecord', 'The proof of a record', 'A CAR.', async (query) =>
        replyContent(bytesOf(await repos.proof(didOf(query), pathOf(query))), car),
      ),
    )
    .route(
      method('sync.getLatestCommit', 'The state of a repository', 'Its commit and revision.', async (query) => {
        const { cid, rev } = await repos.latest(didOf(query))
        return { cid, rev }
      }),
    )
    .route(
      method('sync.getRepoStatus', 'Whether a repository is served', 'Its status.', async (query) => {
        const { did, rev, status } = await repos.head(didOf(query))
        return { did, ...activity(status), ...(status === 'active' ? { rev } : {}) }
      }),
    )
    .route(
      method('sync.listRepos', 'All repositories', 'A page of them.', async (query) => {
        const limit = Math.min(Math.max(1, Math.floor(Number(query.get('limit') ?? 500)) || 500), 1_000)
        const heads = await repos.list({ after: query.get('cursor') ?? '', limit })
        const page = heads.map(({ did, cid, rev, status }) => ({ did, head: cid, rev, ...activity(status) }))
        return { repos: page, ...(heads.length < limit ? {} : { cursor: heads.at(-1)!.did }) }
      }),
    )
    .route(
      method('sync.getBlob', 'Bytes that a record points to', 'The bytes.', async (query) => {
        const { mimeType, bytes } = await repos.blob(didOf(query), query.get('cid') ?? '')
        // It is another's content on our origin: nothing in it may run.
        const headers = {
          'content-disposition': 'attachment',
          'content-security-policy': "default-src 'none'; sandbox",
        }
        return replyContent(bytesOf(bytes), { type: mimeType, headers })
      }),
    )
    .route(
      method('repo.getRecord', 'A record', 'Its value and CID.', async (query) => {
        const did = didOf(query, 'repo')
        const path = pathOf(query)
        const { cid, value } = await repos.record(did, path)
        return { uri: `at://${did}/${path}`, cid, value: toDataJson(value) }
      }),
    )
}

function activity(status: ServedStatus): { readonly active: boolean; readonly status?: ServedStatus } {
  return status === 'active' ? { active: true } : { active: false, status }
}

function didOf(query: URLSearchParams, name = 'did'): string {
  const did = query.get(name) ?? ''
  if (!isDid(did)) throw servingErrors.ATPROTO_QUERY_INVALID({ name, reason: 'it is no DID' })
  return did
}

function pathOf(query: URLSearchParams): string {
  const path = `${query.get('collection') ?? ''}/${query.get('rkey') ?? ''}`
  if (!isRecordPath(path))
    throw servingErrors.ATPROTO_QUERY_INVALID({ name: 'collection and rkey', reason: `${path} is no path of a record` })
  return path
}

function bytesOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>
}
