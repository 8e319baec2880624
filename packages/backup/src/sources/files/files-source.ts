import { systemRandom, type Random } from '@exprsn/core'
import { joinPath, systemDisk, writeFileAtomic, type Disk } from '@exprsn/core/disk'
import { loadPosixCalls, type PosixCalls } from '@exprsn/core/drivers/posix'
import { hash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { trackProgress } from '../../progress/progress.ts'
import type { BackupSource, SourceContext, SourceResult } from '../../repository/index.ts'
import { sourcesErrors } from '../errors.ts'
import { restoreFiles } from '../restore/restore-files.ts'
import { pathFilter } from './path-filter.ts'
import { walkAgain, walkAnew, type PlannedWalk } from './start-walk.ts'
import { emptyCache, loadStatCache } from './stat-cache.ts'
import { walkSession } from './walk-session.ts'

/** Options of {@link filesSource}. */
export interface FilesSourceOptions {
  /** Files and folders, absolute or relative to the working directory. In the snapshot they lie as restic lays them. */
  readonly paths: readonly string[]
  /**
   * What to leave out: `*.tmp` and `node_modules` mean names at any depth, `/srv/cache/**` and `logs/*.gz` paths. `*` and
   * `?` stay within a name, `**` goes through folders. @default []
   */
  readonly exclude?: readonly string[] | undefined
  /**
   * How content is cut: `gear` is fastest; `rabin` cuts where restic does, for repositories that restic clients write to,
   * too. @default 'gear'
   */
  readonly chunker?: 'gear' | 'rabin' | undefined
  /** Threads that read, compress and seal; with 0 this one does. @default processors, at most 4; 0 with a `disk` of your own */
  readonly threads?: number | undefined
  /**
   * Extended attributes, nanosecond times and device nodes, from `@exprsn/core/drivers/posix`; `false` does without.
   * @default loaded where koffi is installed
   */
  readonly posix?: PosixCalls | false | undefined
  /** @default systemDisk */
  readonly disk?: Disk | undefined
  /** @default systemRandom */
  readonly random?: Random | undefined
}

/**
 * Files and folders with all their metadata as a source for backups: modes, owners, nanosecond times, extended
 * attributes, hard links, symbolic links, FIFOs, devices, and names of any bytes. Files that change or vanish while they
 * are read are named in the snapshot.
 *
 * Restoring takes a folder that is empty or not there yet. Until the last moment nobody else can look into it, and no
 * entry of a snapshot leads out of it.
 *
 * @throws `BACKUP_FILES_OPTION_INVALID`; while it runs `BACKUP_FILES_PATH_MISSING`, on restore `BACKUP_FILES_TARGET_INVALID`,
 *   `BACKUP_FILES_TARGET_NOT_EMPTY`, `BACKUP_FILES_NO_SPACE`, and the disk's and the repository's own errors
 * @example
 * ```ts
 * import { filesSource } from '@exprsn/backup'
 *
 * const uploads = filesSource({ paths: ['./uploads'], exclude: ['*.tmp', 'node_modules'] })
 * console.log(uploads.kind) // files
 * ```
 */
export function filesSource(options: FilesSourceOptions): BackupSource {
  const { paths, exclude = [], chunker = 'gear', disk = systemDisk, random = systemRandom } = options
  const { threads = options.disk === undefined ? Math.min(4, availableParallelism()) : 0 } = options
  const invalid = (option: string, reason: string) => sourcesErrors.BACKUP_FILES_OPTION_INVALID({ option, reason })
  if (paths.length === 0) throw invalid('paths', 'there is none')
  if (paths.some((path) => path === '' || path.includes('\0')))
    throw invalid('paths', 'one is empty or holds a zero byte')
  if (!Number.isInteger(threads) || threads < 0) throw invalid('threads', 'it is no number from 0')
  if (threads > 0 && options.disk !== undefined)
    throw invalid('threads', 'a disk of your own cannot go to other threads')
  if (chunker !== 'gear' && chunker !== 'rabin') throw invalid('chunker', 'it is neither gear nor rabin')
  const excluded = pathFilter(exclude)
  const loadPosix = async () => (options.posix === false ? undefined : (options.posix ?? (await loadPosixCalls())))
  const movable = threads > 0 && (options.posix === undefined || options.posix === false)
  const selected = { disk, random, threads, chunker, exclude, excluded, paths, movable }

  return {
    kind: 'files',
    backup: async (context) => backup({ ...selected, posix: await loadPosix() }, context),
    restore: async (context) => restoreFiles({ ...context, disk, threads, posix: await loadPosix() }),
  }
}

type Selected = Pick<
  PlannedWalk,
  'disk' | 'random' | 'threads' | 'chunker' | 'exclude' | 'excluded' | 'paths' | 'movable' | 'posix'
>

async function backup(selected: Selected, context: SourceContext): Promise<SourceResult> {
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
