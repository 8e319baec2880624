import { joinPath, writeFileAtomic, type Disk } from '@exprsn/core/disk'
import { hash } from 'node:crypto'
import { resolve } from 'node:path'
import { trackProgress } from '../../progress/progress.ts'
import type { SourceContext, SourceResult } from '../../repository/index.ts'
import { sourcesErrors } from '../errors.ts'
import { walkAgain, walkAnew, type EndedWalk, type PlannedWalk } from './start-walk.ts'
import { loadStatCache } from './stat-cache.ts'
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
  const session = context.session().then(walkSession)
  session.catch(() => {})

  const progress = trackProgress({ ...context, phase: 'files', total: 0 })
  const { signal, logger } = context
  const plan = (withPosix: boolean): PlannedWalk => {
    // The root's path names the cache: another working directory or selection has another.
    const variant = cacheFolder && JSON.stringify([selected.chunker, paths, folder, exclude, withPosix])
    const told = { startedAt, variant, onBytes: progress.advance }
    return { ...selected, ...told, posix: withPosix ? posix : undefined, session, logger, signal }
  }
  /** With much in the cache a walk is over before a thread has begun. */
  const again = async (planned: PlannedWalk): Promise<EndedWalk | undefined> => {
    const { variant } = planned
    if (cacheFolder === undefined || variant === undefined) return undefined
    const cache = await loadStatCache(disk, pathOfCache(cacheFolder, variant), variant, startedAt)
    return cache.tree === undefined ? undefined : walkAgain(planned, cache)
  }
  // What the last run read with the system's calls needs them no more: they are loaded for what changed.
  let planned = plan(posix !== undefined)
  let ended = await again(planned)
  if (ended === undefined && posix !== undefined && (await posix()) === undefined) {
    planned = plan(false)
    ended = await again(planned)
  }
  const { saved, problems, found } = ended ?? (await walkAnew(planned))
  progress.finish()
  return {
    ...saved,
    paths: absolute,
    excludes: exclude,
    omitted: planned.posix === undefined ? ['extended attributes'] : [],
    problems: problems.first,
    problemCount: problems.count,
    async committed() {
      const { variant } = planned
      if (cacheFolder === undefined || variant === undefined || found === undefined) return
      await disk.makeFolder(cacheFolder, { permissions: 0o700 })
      await writeFileAtomic(disk, pathOfCache(cacheFolder, variant), found)
    },
  }
}

function pathOfCache(folder: string, variant: string): string {
  return String(joinPath(folder, `files-${hash('sha256', variant).slice(0, 16)}.cache`))
}

async function requirePath(disk: Disk, path: string): Promise<void> {
  try {
    await disk.stat(path)
  } catch (cause) {
    throw sourcesErrors.BACKUP_FILES_PATH_MISSING({ path }, { cause })
  }
}
