import type { Random } from '@exprsn/core'
import type { Disk } from '@exprsn/core/disk'
import type { PosixCalls } from '@exprsn/core/drivers/posix'
import { resolve } from 'node:path'
import type { AssembledPack, ContentId, PackSettings } from '../../repository/index.ts'
import { createFileReaders, inlineThread, type FileReaders, type ReaderThread } from './file-readers.ts'
import type { OwnerNames } from './owner-names.ts'
import type { PathFilter } from './path-filter.ts'
import { ProblemList } from './problem-list.ts'
import { createFileReader } from './read-files.ts'
import { saveTree, type SavedTree } from './save-tree.ts'
import { selectionOf } from './selection.ts'
import type { SharedIdSet } from './shared-id-set.ts'
import type { StatCache } from './stat-cache.ts'
import { startThread } from './start-thread.ts'

/** What is walked, and how. */
export interface Walk {
  readonly disk: Disk
  readonly random: Random
  readonly threads: number
  readonly chunker: 'gear' | 'rabin'
  readonly excluded: PathFilter
  readonly paths: readonly string[]
  /** Loads the calls when they are needed; undefined: extended attributes are left out. */
  readonly posix: (() => Promise<PosixCalls | undefined>) | undefined
  readonly owners: OwnerNames
}

/** The open repository as a walk sees it, in this thread or another. */
export interface WalkSession {
  /** The tree of the parent snapshot. */
  readonly parentTree: ContentId | undefined
  readonly settings: PackSettings
  /** Ids of the blobs that are there, with room for others. */
  known(): Promise<SharedIdSet>
  /** @param isNew Whether the parent does not have it. */
  saveTree(content: Uint8Array, isNew: boolean): Promise<ContentId>
  /** Gives back the pack's memory, which is free then. */
  savePack(pack: AssembledPack): Promise<ArrayBuffer>
}

/** What a walk works with beside what it walks. */
export interface WalkContext {
  readonly cache: StatCache
  /** Opening goes on while the walk has begun; what needs the repository waits for it. */
  readonly session: Promise<WalkSession>
  readonly onBytes: (bytes: number) => void
  readonly warn: (error: unknown, message: string) => void
  readonly signal: AbortSignal | undefined
}

/** What a walk saved and could not save. */
export interface WalkResult {
  readonly saved: SavedTree
  readonly problems: ProblemList
}

/**
 * Walks files and saves them; undefined when the cache turned out to belong to another snapshot than the parent, or to have been
 * made with calls that cannot be had any longer.
 */
export async function walkFiles(walk: Walk, context: WalkContext): Promise<WalkResult | undefined> {
  const { cache, session, onBytes, signal } = context
  const problems = new ProblemList()
  const stale = new Error('stale cache')
  const opened = session.then((open) => {
    if (cache.tree !== undefined && open.parentTree !== cache.tree) throw stale
    return open
  })
  opened.catch(() => {})
  const { posix: load } = walk
  const posix = load && (async () => (await load()) ?? Promise.reject(stale))
  const readers = lazyReaders(walk, context.warn, opened)
  try {
    const selection = selectionOf(walk.paths, resolve('.'))
    const isNew = cache.tree !== undefined
    const save = async (content: Uint8Array): Promise<ContentId> => (await opened).saveTree(content, isNew)
    const saved = await saveTree(selection, {
      ...{ ...walk, posix, readers, cache, problems, signal },
      saveTree: save,
      onBytes,
    })
    await opened
    return { saved, problems }
  } catch (error) {
    if (error === stale) return undefined
    throw error
  } finally {
    await readers.close()
  }
}

/** Files that may wait for the repository to be open: what else there is to look at is looked at meanwhile. */
const mostWaiting = 2_000

/** Threads start with the first file that has to be read. */
function lazyReaders(
  { disk, random, threads, chunker }: Walk,
  warn: WalkContext['warn'],
  session: Promise<WalkSession>,
): FileReaders & { close(): Promise<void> } {
  let started: ReaderThread[] = []
  let starting: Promise<FileReaders> | undefined
  let readers: FileReaders | undefined
  let waiting = 0

  const start = async (): Promise<FileReaders> => {
    const { settings, savePack, known: loadKnown } = await session
    const known = await loadKnown()
    started = await startThreads(threads, { settings, known, chunker }, warn)
    if (started.length === 0) started = [inlineThread(createFileReader({ disk, random, settings, known, chunker }))]
    return (readers = createFileReaders(started, savePack))
  }
  const ready = (): Promise<FileReaders> => (starting ??= start())

  return {
    read: async (job) => (await ready()).read(job),
    async room() {
      if (readers !== undefined) return readers.room()
      if (waiting++ < mostWaiting) return
      return (await ready()).room()
    },
    finish: async () => (await starting)?.finish(),
    async close() {
      await starting?.catch(() => {})
      await Promise.all(started.map((thread) => thread.close()))
    },
  }
}

async function startThreads(
  count: number,
  options: Parameters<typeof startThread>[0],
  warn: WalkContext['warn'],
): Promise<ReaderThread[]> {
  const starts = await Promise.allSettled(Array.from({ length: count }, () => startThread(options)))
  const threads = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
  const failed = starts.find((start) => start.status === 'rejected')
  if (failed === undefined) return threads
  warn(failed.reason, 'Files are read without worker threads')
  await Promise.all(threads.map((thread) => thread.close()))
  return []
}
