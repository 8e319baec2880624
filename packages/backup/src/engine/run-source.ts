import { joinPath } from '@exprsn/core/disk'
import type { Clock, Logger } from '@exprsn/core'
import type { OnProgress } from '../progress/progress.ts'
import type { BackupSession, BackupSource, Repository, Snapshot, SnapshotSummary } from '../repository/index.ts'
import { derivationBegun } from '../repository/opening.ts'
import { contextOf } from '../repository/repository-context.ts'

/** What a run stored. */
export interface RunResult extends SnapshotSummary {
  /** The snapshot's id. */
  readonly id: string
  readonly snapshot: Snapshot
}

/** What {@link runSource} needs. */
export interface RunSourceOptions {
  readonly name: string
  readonly source: BackupSource
  /** Perhaps still being opened: the source may begin to look at its files meanwhile. */
  readonly repository: Promise<Repository>
  readonly tags: readonly string[]
  readonly cacheFolder: string | undefined
  readonly clock: Clock
  readonly logger: Logger
  readonly onProgress: OnProgress | undefined
  readonly signal: AbortSignal | undefined
}

/**
 * Makes one snapshot of a source. What was stored before an interruption is found again by the next run: only what was
 * not stored yet is stored then.
 */
export async function runSource(options: RunSourceOptions): Promise<RunResult> {
  const { name, source, repository, tags, cacheFolder, clock, logger, onProgress, signal } = options
  const begun = clock.monotonic()
  const time = new Date(clock.now())
  let opening: Promise<BackupSession> | undefined
  const session = (): Promise<BackupSession> =>
    (opening ??= repository.then((open) => {
      const { hostname } = contextOf(open)
      return open.begin({ parent: { source: name, hostname }, signal })
    }))
  try {
    await derivationBegun(repository)
    const result = await source.backup({
      name,
      session,
      cacheFolder: cacheFolder === undefined ? undefined : (joinPath(cacheFolder, name) as string),
      clock,
      logger,
      onProgress,
      signal,
    })
    const { writer, parent, commit } = await session()
    await writer.flush()
    const { added, stored } = writer.counts()
    const { files, folders, bytes, filesRead, tree, paths, excludes, omitted, problems, problemCount } = result
    const summary = { files, folders, bytes, filesRead, added, stored, seconds: (clock.monotonic() - begun) / 1_000 }
    const { hostname, username } = contextOf(await repository)
    const snapshot = await commit({
      time,
      tree,
      parent: parent?.id,
      paths,
      hostname,
      username,
      tags,
      excludes,
      source: name,
      summary,
      omitted,
      problems,
      problemCount,
    })
    await result.committed?.(snapshot.id)
    return { ...summary, id: snapshot.id, snapshot }
  } finally {
    // A failure to say goodbye must not hide what went wrong, nor undo what is stored: the session dies by itself.
    await opening
      ?.then((open) => open.end())
      .catch((error: unknown) => logger.warn({ error }, 'The session stays open.'))
  }
}
