import { systemClock, type Logger } from '@exprsn/core'
import { folderStore, type ObjectStore } from '@exprsn/core/storage'
import {
  openRepository,
  type BackupSource,
  type Repository,
  type Snapshot,
  type SourceResult,
} from '../src/repository/index.ts'

const ignore = () => {}
/** Says nothing. */
export const silent: Logger = {
  trace: ignore,
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
  fatal: ignore,
  child: () => silent,
} as unknown as Logger

/** Opens a repository in a folder, or a store, cheaply: the cost of the key is not what these tests are about. */
export function openTestRepository(place: string | ObjectStore): Promise<Repository> {
  const store = typeof place === 'string' ? folderStore({ path: place }) : place
  return openRepository({
    ...{ store, password: 'secret', create: 'if-missing', resticLocks: true },
    scrypt: { N: 1_024, r: 8, p: 1 },
  })
}

/** One backup of a source, as the engine does it, compared with the latest snapshot. */
export async function backUp(
  repository: Repository,
  source: BackupSource,
  options: { readonly cacheFolder?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<SourceResult & { readonly snapshot: Snapshot }> {
  const session = await repository.begin({ parent: {} })
  try {
    const result = await source.backup({
      name: 'files',
      session: async () => session,
      cacheFolder: options.cacheFolder,
      clock: systemClock,
      logger: silent,
      onProgress: undefined,
      signal: options.signal,
    })
    const { tree, paths, excludes, omitted, problems, problemCount } = result
    const snapshot = await session.commit({
      ...{ tree, paths, excludes, omitted, problems, problemCount },
      ...{ time: new Date(), hostname: 'test', username: 'test', tags: [], source: 'files' },
    })
    await result.committed?.(snapshot.id)
    return { ...result, snapshot }
  } finally {
    await session.end()
  }
}

/** Restores a snapshot. */
export async function restore(
  repository: Repository,
  source: BackupSource,
  options: { readonly snapshot: Snapshot; readonly into: unknown; readonly include?: readonly string[] | undefined },
) {
  return source.restore({
    ...{ reader: repository.reader, clock: systemClock, logger: silent, onProgress: undefined, signal: undefined },
    ...options,
    include: options.include,
  })
}
