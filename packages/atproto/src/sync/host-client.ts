import type { Duration } from '@exprsn/core'
import type { Client } from '@exprsn/core/client'
import { syncErrors } from './errors.ts'
import type { ListedRepo } from './sync-source.ts'

const pageSize = 500

/** Every repository that a host lists (`com.atproto.sync.listRepos`), page by page. */
export async function* listReposOf(
  client: Client,
  service: URL,
  signal: AbortSignal,
): AsyncGenerator<ListedRepo, void, undefined> {
  const url = new URL('/xrpc/com.atproto.sync.listRepos', service)
  for (let cursor: string | undefined; ;) {
    const response = await client.request(url, { query: { limit: pageSize, cursor }, signal })
    const page = response.json() as { readonly repos?: unknown; readonly cursor?: unknown }
    if (!Array.isArray(page.repos)) throw syncErrors.ATPROTO_SYNC_MESSAGE_INVALID({ reason: 'the list has no repos' })
    for (const repo of page.repos) yield listedRepo(repo)
    // A host that repeats itself must not keep us for ever.
    if (typeof page.cursor !== 'string' || page.cursor === cursor || page.repos.length === 0) return
    cursor = page.cursor
  }
}

function listedRepo(entry: unknown): ListedRepo {
  const { did, rev, active } = (entry ?? {}) as Readonly<Record<string, unknown>>
  if (typeof did !== 'string' || typeof rev !== 'string')
    throw syncErrors.ATPROTO_SYNC_MESSAGE_INVALID({ reason: 'an entry of the list has no did or rev' })
  return { did, rev, active: active !== false }
}

/** Fetches the CAR of a repository (`com.atproto.sync.getRepo`). */
export async function fetchRepoFrom(
  client: Client,
  service: URL,
  did: string,
  options: { readonly signal: AbortSignal; readonly maxBytes: number; readonly timeout: Duration },
): Promise<Uint8Array> {
  const { signal, maxBytes, timeout } = options
  const url = new URL('/xrpc/com.atproto.sync.getRepo', service)
  const request = { query: { did }, signal, timeout, maxResponseBytes: maxBytes, throwOnStatus: false }
  const response = await client.request(url, request)
  if (response.status === 200) return response.bytes()
  throw syncErrors.ATPROTO_SYNC_REPO_UNAVAILABLE({ did, reason: reasonOf(response.status, response.bytes()) })
}

/** The error's name where the host gives one. */
function reasonOf(status: number, body: Uint8Array): string {
  try {
    const { error } = JSON.parse(Buffer.from(body).toString()) as { readonly error?: unknown }
    if (typeof error === 'string') return error
  } catch {
    // Proxies answer with pages.
  }
  return `status ${status}`
}
