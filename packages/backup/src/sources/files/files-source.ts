import { systemRandom, type Random } from '@exprsn/core'
import { systemDisk, type Disk } from '@exprsn/core/disk'
import type { PosixCalls } from '@exprsn/core/drivers/posix'
import { availableParallelism } from 'node:os'
import type { BackupSource } from '../../repository/index.ts'
import { sourcesErrors } from '../errors.ts'
import { pathFilter } from './path-filter.ts'

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
  const movable = threads > 0 && (options.posix === undefined || options.posix === false)
  const selected = { disk, random, threads, chunker, exclude, excluded, paths, movable }

  // What does the work is loaded when it begins: a program that opens a repository derives its key meanwhile.
  return {
    kind: 'files',
    async backup(context) {
      const { backUpFiles } = await import('./back-up-files.ts')
      return backUpFiles({ ...selected, posix: posixOf(options) }, context)
    },
    async restore(context) {
      const { restoreFiles } = await import('../restore/restore-files.ts')
      return restoreFiles({ ...context, disk, threads, posix: await posixOf(options)?.() })
    },
  }
}

/** Loads the calls once, when it is called: koffi takes 17 ms. Undefined: nobody wants them. */
function posixOf({ posix }: FilesSourceOptions): (() => Promise<PosixCalls | undefined>) | undefined {
  if (posix === false) return undefined
  let loading: Promise<PosixCalls | undefined> | undefined = posix && Promise.resolve(posix)
  return () => (loading ??= import('@exprsn/core/drivers/posix').then(({ loadPosixCalls }) => loadPosixCalls()))
}
