import { indexCar } from '../codec/index.ts'
import { readCommit } from '../repo/index.ts'
import { syncErrors } from './errors.ts'
import type { ListedRepo, SyncSource } from './sync-source.ts'

/** Options of {@link carSource}. */
export interface CarSourceOptions {
  /** Under which the sync keeps what it knows. @default 'car' */
  readonly name?: string | undefined
  /** Whole repositories: files that were read, or what a backup holds. */
  readonly archives: readonly Uint8Array[]
}

/**
 * Repositories that came as CARs. `runOnce` applies what differs from what is known, and ends.
 *
 * @throws `ATPROTO_CAR_INVALID`, `ATPROTO_COMMIT_INVALID`, `ATPROTO_SYNC_MESSAGE_INVALID`
 * @example
 * ```ts
 * import { createSigningKey } from '@exprsn/atproto/crypto'
 * import { createRepoArchive } from '@exprsn/atproto/repo'
 * import { carSource } from '@exprsn/atproto/sync'
 *
 * const archive = createRepoArchive({ did: 'did:plc:example', key: createSigningKey('k256'), records: {} })
 * console.log(carSource({ archives: [archive] }).name) // car
 * ```
 */
export function carSource({ name = 'car', archives }: CarSourceOptions): SyncSource {
  const repos = new Map(archives.map((bytes) => repoOf(bytes)))
  return {
    name,
    finite: true,
    async *open() {
      yield { kind: 'open' }
    },
    async *listRepos() {
      for (const { listed } of repos.values()) yield listed
    },
    async fetchRepo(did) {
      const bytes = repos.get(did)?.bytes
      if (bytes === undefined) throw syncErrors.ATPROTO_SYNC_REPO_UNAVAILABLE({ did, reason: 'RepoNotFound' })
      return bytes
    },
  }
}

/** Whose it is; everything else is checked when it is applied. */
function repoOf(bytes: Uint8Array): [string, { readonly listed: ListedRepo; readonly bytes: Uint8Array }] {
  const car = indexCar(bytes, { verify: false })
  const block = car.roots[0] === undefined ? undefined : car.get(car.roots[0])
  if (block === undefined) throw syncErrors.ATPROTO_SYNC_MESSAGE_INVALID({ reason: 'the archive has no commit' })
  const { did, rev } = readCommit(block)
  return [did, { listed: { did, rev: rev ?? '', active: true }, bytes }]
}
