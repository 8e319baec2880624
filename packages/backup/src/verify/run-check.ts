import { availableParallelism } from 'node:os'
import type { ContentId, Repository } from '../repository/index.ts'
import type { RepositoryContext } from '../repository/context.ts'
import { listFossils } from '../repository/prune/fossil-list.ts'
import { loadIndex } from '../repository/index/load-index.ts'
import { tableOf } from '../repository/index/load-table.ts'
import { packIdOf, packKey } from '../repository/pack/pack-key.ts'
import { createReader } from '../repository/reader/create-reader.ts'
import { contextOf } from '../repository/repository-context.ts'
import { loadSoundSnapshots } from '../repository/snapshot/suspects.ts'
import { trackProgress, type OnProgress } from '../progress/progress.ts'
import type { CheckLevel, CheckOptions, CheckReport } from './check-repository.ts'
import { checkContent, checkHeader } from './check-packs.ts'
import { createPackChecker, type PackChecker } from './check-threads.ts'
import { checkTrees, type CheckedTrees } from './check-trees.ts'
import { expectedSize, type ExpectedPack } from './expected-pack.ts'
import type { RepositoryProblem } from './problem.ts'
import { packsOfTheDay } from './sample.ts'

/** Packs on their way while every thread is at work; without threads, so many are fetched at a time. */
const ahead = 2
const mostThreads = 4
/** To start threads for less takes longer than they save. */
const worthThreads = 64 * 1_024 * 1_024

/** {@link checkRepository}, with options that are valid. */
export async function runCheck(repository: Repository, options: CheckOptions): Promise<CheckReport> {
  const { level = 1, coverDays = 30, signal } = options
  const context = contextOf(repository)
  const begun = context.clock.monotonic()
  // Snapshots first and packs last: what a backup adds meanwhile is then more than is looked for, never less.
  const { snapshots, broken } = await loadSoundSnapshots(context, repository.reader, { signal })
  const fossils = new Set((await listFossils(context, signal)).flatMap(({ packs }) => packs))
  const index = await loadIndex(context, signal)
  const stored = await storedPacks(context, signal)
  const packs = new Map(index.files.flatMap((file) => file.packs).map((pack) => [pack.id, pack]))
  const present = [...packs.values()].filter(({ id }) => stored.has(id))
  const full = packsToRead(present, level, coverDays, context.clock.now())
  const bytesRead = full.reduce((sum, id) => sum + stored.get(id)!, 0)
  const usual = bytesRead < worthThreads ? 0 : Math.min(mostThreads, availableParallelism())
  const threads = level === 0 ? 0 : (options.threads ?? usual)
  // Threads start while the index is put in order here.
  const checker = createPackChecker(threads, context.key, context.logger)
  try {
    const problems: RepositoryProblem[] = [
      ...broken.map(({ id, error }) => ({
        kind: 'snapshot-damaged' as const,
        object: `snapshots/${id}`,
        reason: messageOf(error),
      })),
      ...index.broken.map(({ id, error }) => ({
        kind: 'index-damaged' as const,
        object: `index/${id}`,
        reason: messageOf(error),
      })),
      ...checkPresence(
        [...packs.values()].filter(({ id }) => !fossils.has(id)),
        stored,
      ),
    ]
    const reader = createReader(context, { walks: true, table: tableOf(index.files) })
    const walk = (damaged: ReadonlySet<string>, stop?: AbortSignal) =>
      level === 0 ? nothingFound : checkTrees(reader, snapshots, damaged, stop)
    const reading = { level, read: new Set(full), stored, bytesRead, checker, threads, onProgress: options.onProgress }
    // Nearly always nothing is damaged: the folders are walked while packs are read, and again when something is.
    const [found, first] = await together(
      signal,
      (stop) => checkAll(context, present, { ...reading, signal: stop }),
      (stop) => walk(new Set(), stop),
    )
    problems.push(...found)
    const damaged = damagedBlobs(problems, packs)
    const trees = damaged.size === 0 ? first : await walk(damaged, signal)
    problems.push(...trees.problems)
    return {
      ok: problems.length === 0,
      level,
      problems,
      affected: trees.affected,
      affectedSnapshots: trees.affectedSnapshots,
      snapshots: snapshots.length,
      packs: packs.size,
      packsRead: full.length,
      bytesRead,
      unindexedPacks: [...stored.keys()].filter((id) => !packs.has(id)).length,
      seconds: (context.clock.monotonic() - begun) / 1_000,
    }
  } finally {
    await checker.close()
  }
}

/** Ids of the packs that are read in full at a level. */
function packsToRead(
  packs: readonly ExpectedPack[],
  level: CheckLevel,
  coverDays: number,
  now: number,
): readonly ContentId[] {
  if (level < 2) return []
  const ids = packs.map(({ id }) => id)
  return level === 3 ? ids : packsOfTheDay(ids, coverDays, now)
}

const nothingFound: CheckedTrees = { problems: [], affected: [], affectedSnapshots: [] }

/** Runs both at a time; when one fails, the other is stopped and waited for. */
async function together<One, Other>(
  signal: AbortSignal | undefined,
  one: (signal: AbortSignal) => Promise<One>,
  other: (signal: AbortSignal) => Promise<Other> | Other,
): Promise<readonly [One, Other]> {
  const failed = new AbortController()
  const stop = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal])
  const both = [one(stop), (async () => other(stop))()] as const
  for (const each of both) each.catch((error: unknown) => failed.abort(error))
  await Promise.allSettled(both)
  return Promise.all(both)
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

async function storedPacks(
  { store }: RepositoryContext,
  signal: AbortSignal | undefined,
): Promise<Map<ContentId, number>> {
  const sizes = new Map<ContentId, number>()
  for (const { key, size } of await store.list('data/', signal)) {
    const id = packIdOf(key)
    if (id !== undefined) sizes.set(id, size)
  }
  return sizes
}

function checkPresence(packs: readonly ExpectedPack[], stored: ReadonlyMap<ContentId, number>): RepositoryProblem[] {
  return packs.flatMap(({ id, blobs }): RepositoryProblem[] => {
    const size = stored.get(id)
    const object = packKey(id)
    if (size === undefined) return [{ kind: 'pack-missing', object, reason: 'the store does not hold it' }]
    const expected = expectedSize(blobs)
    if (size === expected) return []
    return [{ kind: 'pack-size', object, reason: `it has ${size} bytes instead of ${expected}` }]
  })
}

interface CheckAllOptions {
  readonly level: CheckLevel
  readonly read: ReadonlySet<ContentId>
  readonly stored: ReadonlyMap<ContentId, number>
  /** Bytes of the packs that are read in full. */
  readonly bytesRead: number
  readonly checker: PackChecker
  /** Of the checker. */
  readonly threads: number
  readonly onProgress: OnProgress | undefined
  readonly signal: AbortSignal
}

async function checkAll(
  context: RepositoryContext,
  packs: readonly ExpectedPack[],
  { level, read, stored, bytesRead, checker, threads, onProgress, signal }: CheckAllOptions,
): Promise<RepositoryProblem[]> {
  if (level === 0) return []
  const progress = trackProgress({ onProgress, phase: 'reading packs', total: bytesRead, clock: context.clock })
  const problems: RepositoryProblem[] = []
  const queue = [...packs]
  const worker = async (): Promise<void> => {
    for (let pack = queue.pop(); pack !== undefined; pack = queue.pop()) {
      signal.throwIfAborted()
      const size = stored.get(pack.id)!
      const found = read.has(pack.id)
        ? await checkContent(context, pack, checker, signal)
        : await checkHeader(context, pack, size, signal)
      problems.push(...found)
      if (read.has(pack.id)) progress.advance(size)
    }
  }
  await Promise.all(Array.from({ length: ahead + Math.max(2, threads) }, worker))
  progress.finish()
  return problems
}

/** Blobs that cannot be read: those found damaged, and all of a pack that is gone. Another copy elsewhere saves them. */
function damagedBlobs(
  problems: readonly RepositoryProblem[],
  packs: ReadonlyMap<ContentId, ExpectedPack>,
): ReadonlySet<string> {
  const lostPacks = new Set(
    problems.filter(({ kind }) => kind === 'pack-missing').map(({ object }) => packIdOf(object)),
  )
  const lost = new Set(problems.filter(({ kind }) => kind === 'blob-damaged').map(({ object }) => object))
  for (const id of lostPacks) for (const blob of packs.get(id ?? '')?.blobs ?? []) lost.add(`${blob.type} ${blob.id}`)
  const hurt = new Set([
    ...lostPacks,
    ...problems.filter(({ kind }) => kind === 'pack-damaged').map(({ object }) => packIdOf(object)),
  ])
  for (const [id, { blobs }] of packs)
    if (!hurt.has(id)) for (const blob of blobs) lost.delete(`${blob.type} ${blob.id}`)
  return lost
}
