import { joinPath, writeFileAtomic, type Disk } from '@exprsn/core/disk'
import { hash } from 'node:crypto'
import { resolve } from 'node:path'
import { trackProgress } from '../../progress/progress.ts'
import type { SourceContext, SourceResult } from '../../repository/index.ts'
import { sourcesErrors } from '../errors.ts'
import { walkAgain, walkAnew, type PlannedWalk } from './start-walk.ts'
import { emptyCache, loadStatCache } from './stat-cache.ts'
import { walkSession } from './walk-session.ts'

/** What is backed up, and how. */
export type SelectedFiles = Pick<
  PlannedWalk,
  'disk' | 'random' | 'threads' | 'chunker' | 'exclude' | 'excluded' | 'paths' | 'movable' | 'posix'
>

/** Saves what was selected, with what the last run found in the cache folder. */
export async function backUpFiles(selected: SelectedFiles, context: SourceContext): Promise<SourceResult> {
  const { disk, paths, exclude, posix } = selected
  const { cacheFolder, clock } = context
  const folder = resolve('.')
  const absolute = paths.map((path) => resolve(folder, path))
  for (const path of absolute) await requirePath(disk, path)
  const startedAt = BigInt(clock.now()) * 1_000_000n
  // The root's path names the cache: another working directory or selection has another.
  const variant = JSON.stringify([selected.chunker, paths, folder, exclude, posix !== undefined])
  const cachePath = cacheFolder && String(joinPath(cacheFolder, `files-${hash('sha256', variant).slice(0, 16)}.cache`))
  const session = context.session().then(walkSession)
  session.catch(() => {})

  const cache =
    cachePath === undefined ? emptyCache(startedAt) : await loadStatCache(disk, cachePath, variant, startedAt)
  const progress = trackProgress({ ...context, phase: 'files', total: 0 })
  const { signal, logger } = context
  const told = { startedAt, variant: cachePath && variant, onBytes: progress.advance }
  const planned: PlannedWalk = { ...selected, ...told, session, logger, signal }
  // With much in the cache a walk is over before a thread has begun.
  const again = cache.tree === undefined ? undefined : await walkAgain(planned, cache)
  const { saved, problems, found } = again ?? (await walkAnew(planned))
  progress.finish()
  return {
    ...saved,
    paths: absolute,
    excludes: exclude,
    omitted: posix === undefined ? ['extended attributes'] : [],
    problems: problems.first,
    problemCount: problems.count,
    async committed() {
      if (cacheFolder === undefined || cachePath === undefined || found === undefined) return
      await disk.makeFolder(cacheFolder, { permissions: 0o700 })
      await writeFileAtomic(disk, cachePath, found)
    },
  }
}

async function requirePath(disk: Disk, path: string): Promise<void> {
  try {
    await disk.stat(path)
  } catch (cause) {
    throw sourcesErrors.BACKUP_FILES_PATH_MISSING({ path }, { cause })
  }
}
