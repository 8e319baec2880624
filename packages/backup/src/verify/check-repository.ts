import { availableParallelism } from 'node:os'
import type { ContentId, Repository } from '../repository/index.ts'
import type { RepositoryContext } from '../repository/context.ts'
import { listFossils } from '../repository/prune/fossil-list.ts'
import { loadIndex } from '../repository/index/load-index.ts'
import { packIdOf, packKey } from '../repository/pack/pack-key.ts'
import { createReader } from '../repository/reader/create-reader.ts'
import { contextOf } from '../repository/repository-context.ts'
import { loadSoundSnapshots } from '../repository/snapshot/suspects.ts'
import { trackProgress, type OnProgress } from '../progress/progress.ts'
import { checkContent, checkHeader } from './check-packs.ts'
import { createPackChecker } from './check-threads.ts'
import { checkTrees, type CheckedTrees } from './check-trees.ts'
import { verifyErrors } from './errors.ts'
import { expectedSize, type ExpectedPack } from './expected-pack.ts'
import type { AffectedEntry, RepositoryProblem } from './problem.ts'
import { packsOfTheDay } from './sample.ts'

/**
 * How thoroughly to look:
 * - 0: every pack that the index lists is there and has the right size (one listing of the store)
 * - 1: and its header agrees with the index; every folder of every snapshot can be read and knows where its content is
 * - 2: and the packs whose turn it is today are read in full: all of them within `coverDays`
 * - 3: and every pack is read in full
 */
export type CheckLevel = 0 | 1 | 2 | 3

/** Options of {@link checkRepository}. */
export interface CheckOptions {
  /** @default 1 */
  readonly level?: CheckLevel | undefined
  /** Level 2 reads every pack once in so many days, when it runs every day. @default 30 */
  readonly coverDays?: number | undefined
  /** Threads that check packs which are read in full; with 0 this one does. @default processors, at most 4; 0 for little */
  readonly threads?: number | undefined
  /** Told of what was checked. */
  readonly onProgress?: OnProgress | undefined
  /** Ends the check. */
  readonly signal?: AbortSignal | undefined
}

/** What a check found. */
export interface CheckReport {
  readonly ok: boolean
  readonly level: CheckLevel
  readonly problems: readonly RepositoryProblem[]
  /** Files and folders that cannot be restored as they were; the first thousand. */
  readonly affected: readonly AffectedEntry[]
  /** Ids of the snapshots that they belong to, all of them. */
  readonly affectedSnapshots: readonly ContentId[]
  readonly snapshots: number
  readonly packs: number
  /** Packs that were read in full. */
  readonly packsRead: number
  /** Bytes of packs that were read in full. */
  readonly bytesRead: number
  /** Packs in the store that no index lists: what interrupted backups left. No problem, `prune` removes them. */
  readonly unindexedPacks: number
  readonly seconds: number
}

/** Packs on their way while every thread is at work; without threads, so many are fetched at a time. */
const ahead = 2
const mostThreads = 4
/** To start threads for less takes longer than they save. */
const worthThreads = 64 * 1_024 * 1_024

/**
 * Checks a repository. It changes nothing, and may run beside backups.
 *
 * @throws `BACKUP_VERIFY_OPTION_INVALID`, and what the store throws; damage is in the report.
 * @example
 * ```ts
 * import { checkRepository, openRepository } from '@exprsn/backup'
 * import { memoryStore } from '@exprsn/core/storage'
 *
 * const scrypt = { N: 1024, r: 8, p: 1 } // cheap, for this example only
 * const repository = await openRepository({ store: memoryStore(), password: 'x', create: 'new', scrypt })
 * const { ok, problems } = await checkRepository(repository, { level: 3 })
 * console.log(ok, problems.length) // true 0
 * ```
 */
export async function checkRepository(repository: Repository, options: CheckOptions = {}): Promise<CheckReport> {
  const { level = 1, coverDays = 30, signal } = options
  if (!Number.isInteger(coverDays) || coverDays < 1)
    throw verifyErrors.BACKUP_VERIFY_OPTION_INVALID({ reason: 'coverDays is not a whole number from 1' })
  if (options.threads !== undefined && !(Number.isInteger(options.threads) && options.threads >= 0))
    throw verifyErrors.BACKUP_VERIFY_OPTION_INVALID({ reason: 'threads is no number from 0' })
  const context = contextOf(repository)
  const begun = context.clock.monotonic()
  // Snapshots first and packs last: what a backup adds meanwhile is then more than is looked for, never less.
  const { snapshots, broken } = await loadSoundSnapshots(context, repository.reader, { signal })
  const fossils = new Set((await listFossils(context, signal)).flatMap(({ packs }) => packs))
  const index = await loadIndex(context, signal)
  const stored = await storedPacks(context, signal)
  const packs = new Map(index.files.flatMap((file) => file.packs).map((pack) => [pack.id, pack]))
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
  const present = [...packs.values()].filter(({ id }) => stored.has(id))
  const full =
    level < 2
      ? []
      : level === 3
        ? present.map(({ id }) => id)
        : packsOfTheDay(
            present.map(({ id }) => id),
            coverDays,
            context.clock.now(),
          )
  const read = new Set(full)
  const bytesRead = full.reduce((sum, id) => sum + stored.get(id)!, 0)
  const reader = createReader(context, { walks: true })
  await reader.ready()
  const walk = (damaged: ReadonlySet<string>, stop?: AbortSignal) =>
    level === 0 ? nothingFound : checkTrees(reader, snapshots, damaged, stop)
  // Nearly always nothing is damaged: the folders are walked while packs are read, and again when something is.
  const [found, first] = await together(
    signal,
    (stop) => checkAll(context, present, { level, read, stored, bytesRead, options: { ...options, signal: stop } }),
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
  readonly options: CheckOptions
}

async function checkAll(
  context: RepositoryContext,
  packs: readonly ExpectedPack[],
  { level, read, stored, bytesRead, options }: CheckAllOptions,
): Promise<RepositoryProblem[]> {
  if (level === 0) return []
  const { onProgress, signal } = options
  const progress = trackProgress({ onProgress, phase: 'reading packs', total: bytesRead, clock: context.clock })
  const usual = bytesRead < worthThreads ? 0 : Math.min(mostThreads, availableParallelism())
  const threads = options.threads ?? usual
  const checker = createPackChecker(threads, context.key, context.logger)
  const problems: RepositoryProblem[] = []
  const queue = [...packs]
  const worker = async (): Promise<void> => {
    for (let pack = queue.pop(); pack !== undefined; pack = queue.pop()) {
      signal?.throwIfAborted()
      const size = stored.get(pack.id)!
      const found = read.has(pack.id)
        ? await checkContent(context, pack, checker, signal)
        : await checkHeader(context, pack, size, signal)
      problems.push(...found)
      if (read.has(pack.id)) progress.advance(size)
    }
  }
  try {
    await Promise.all(Array.from({ length: ahead + Math.max(2, threads) }, worker))
  } finally {
    await checker.close()
  }
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
