import { systemRandom, type Logger, type Random } from '@exprsn/core'
import { joinPath, systemDisk, type Disk } from '@exprsn/core/disk'
import { loadPosixCalls, type PosixCalls } from '@exprsn/core/drivers/posix'
import { hash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { trackProgress } from '../../progress/progress.ts'
import type { BackupSource, SourceContext, SourceResult, SourceSession } from '../../repository/index.ts'
import { sourcesErrors } from '../errors.ts'
import { restoreFiles } from '../restore/restore-files.ts'
import { createFileReaders, inlineThread, type FileReaders, type ReaderThread } from './file-readers.ts'
import { loadOwnerNames, type OwnerNames } from './owner-names.ts'
import { pathFilter, type PathFilter } from './path-filter.ts'
import { ProblemList } from './problem-list.ts'
import { createFileReader } from './read-files.ts'
import { saveTree } from './save-tree.ts'
import { selectionOf } from './selection.ts'
import { SharedIdSet } from './shared-id-set.ts'
import { emptyCache, loadStatCache, type StatCache } from './stat-cache.ts'
import { startThread } from './start-thread.ts'

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
  const work = { disk, random, threads, chunker, excluded, paths }

  return {
    kind: 'files',
    async backup(context) {
      const [posix, owners] = await Promise.all([loadPosix(), loadOwnerNames(disk)])
      return backup({ ...work, posix, owners }, context, exclude)
    },
    restore: async (context) => restoreFiles({ ...context, disk, threads, posix: await loadPosix() }),
  }
}

interface Work {
  readonly disk: Disk
  readonly random: Random
  readonly threads: number
  readonly chunker: 'gear' | 'rabin'
  readonly excluded: PathFilter
  readonly paths: readonly string[]
  readonly posix: PosixCalls | undefined
  readonly owners: OwnerNames
}

async function backup(work: Work, context: SourceContext, excludes: readonly string[]): Promise<SourceResult> {
  const { disk, posix } = work
  const { cacheFolder, clock } = context
  const folder = resolve('.')
  const absolute = work.paths.map((path) => resolve(folder, path))
  for (const path of absolute) await requirePath(disk, path)
  const startedAt = BigInt(clock.now()) * 1_000_000n
  // The root's path names the cache: another working directory or selection has another.
  const variant = JSON.stringify([work.chunker, work.paths, folder, excludes, posix !== undefined])
  const cachePath = cacheFolder && String(joinPath(cacheFolder, `files-${hash('sha256', variant).slice(0, 16)}.cache`))
  const session = context.session()
  session.catch(() => {})

  const cache =
    cachePath === undefined ? emptyCache(startedAt) : await loadStatCache(disk, cachePath, variant, startedAt)
  let run = await attempt(work, context, { cache, session })
  if (run === undefined) run = await attempt(work, context, { cache: emptyCache(startedAt), session })
  const { saved, problems, used } = run!
  return {
    ...saved,
    paths: absolute,
    excludes,
    omitted: posix === undefined ? ['extended attributes'] : [],
    problems: problems.first,
    problemCount: problems.count,
    async committed() {
      if (cacheFolder === undefined || cachePath === undefined) return
      await disk.makeFolder(cacheFolder, { permissions: 0o700 })
      await used.save(disk, cachePath, saved.tree, variant)
    },
  }
}

/** One walk; undefined when the cache turned out to belong to another snapshot than the parent. */
async function attempt(
  work: Work,
  context: SourceContext,
  { cache, session }: { readonly cache: StatCache; readonly session: Promise<SourceSession> },
) {
  const problems = new ProblemList()
  const progress = trackProgress({ ...context, phase: 'files', total: 0 })
  const stale = new Error('stale cache')
  /** The key is derived while the walk goes on; only what needs the repository waits for it. */
  const opened = session.then((open) => {
    if (cache.tree !== undefined && open.parent?.tree !== cache.tree) throw stale
    return open
  })
  opened.catch(() => {})
  const readers = lazyReaders(work, context, opened)
  try {
    const selection = selectionOf(work.paths, resolve('.'))
    const saved = await saveTree(selection, {
      ...work,
      ...{ readers, cache, problems, signal: context.signal },
      writer: async () => (await opened).writer,
      onBytes: progress.advance,
    })
    await opened
    progress.finish()
    return { saved, problems, used: cache }
  } catch (error) {
    if (error === stale) return undefined
    throw error
  } finally {
    await readers.close()
  }
}

/** Threads start with the first file that has to be read. */
function lazyReaders(
  { disk, random, threads, chunker }: Work,
  { logger }: SourceContext,
  session: Promise<SourceSession>,
): FileReaders & { close(): Promise<void> } {
  let started: ReaderThread[] = []
  let starting: Promise<FileReaders> | undefined

  const start = async (): Promise<FileReaders> => {
    const { writer } = await session
    await writer.ready()
    const ids = [...writer.known('data')]
    const known = SharedIdSet.withRoom(2 * ids.length + 500_000)
    for (const id of ids) known.add(id)
    const { settings } = writer
    started = await startThreads(threads, { settings, known, chunker }, logger)
    if (started.length === 0) started = [inlineThread(createFileReader({ disk, random, settings, known, chunker }))]
    return createFileReaders(started, (pack) => writer.savePack(pack))
  }
  const ready = (): Promise<FileReaders> => (starting ??= start())

  return {
    read: async (job) => (await ready()).read(job),
    room: async () => (await ready()).room(),
    finish: async () => (await starting)?.finish(),
    async close() {
      await starting?.catch(() => {})
      await Promise.all(started.map((thread) => thread.close()))
    },
  }
}

async function startThreads(count: number, options: Parameters<typeof startThread>[0], logger: Logger) {
  const threads: ReaderThread[] = []
  try {
    for (let index = 0; index < count; index++) threads.push(await startThread(options))
    return threads
  } catch (error) {
    logger.warn({ err: error }, 'Files are read without worker threads')
    await Promise.all(threads.map((thread) => thread.close()))
    return []
  }
}

async function requirePath(disk: Disk, path: string): Promise<void> {
  try {
    await disk.stat(path)
  } catch (cause) {
    throw sourcesErrors.BACKUP_FILES_PATH_MISSING({ path }, { cause })
  }
}
