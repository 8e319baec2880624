import type { ObjectInfo } from '@exprsn/core/storage'
import { trackProgress, type OnProgress } from '../progress/progress.ts'
import type { Repository } from '../repository/index.ts'
import type { RepositoryContext } from '../repository/context.ts'
import { loadIndex } from '../repository/index/load-index.ts'
import { packIdOf, packKey } from '../repository/pack/pack-key.ts'
import { contextOf } from '../repository/repository-context.ts'
import { beginSession } from '../repository/session/begin-session.ts'
import { copyObjects, type NamedObject } from './copy-objects.ts'

/** Options of {@link replicate}. */
export interface ReplicateOptions {
  /** Objects that are copied at the same time. @default 4 */
  readonly parallel?: number | undefined
  /** Told of what was copied. */
  readonly onProgress?: OnProgress | undefined
  /** Ends the copying; what is done stays. */
  readonly signal?: AbortSignal | undefined
}

/** What a replication did. */
export interface ReplicateReport {
  /** Whether the replica now holds every snapshot with everything that it needs. */
  readonly ok: boolean
  /** Packs that were copied. */
  readonly packs: number
  /** Bytes that were copied. */
  readonly bytes: number
  /** Snapshots that the replica did not hold before. */
  readonly snapshots: number
  /** Keys that the source does not hold, or holds damaged. */
  readonly unreadable: readonly string[]
  /** Keys that the replica's own listing does not show in the right size after the copy. */
  readonly unverified: readonly string[]
  readonly seconds: number
}

/**
 * Copies what a replica lacks: packs, then indexes, then snapshots, so that at every moment each snapshot that the replica
 * shows is whole. Objects are copied as they are, checked on the way, and looked for afterwards. Snapshots that were
 * forgotten in the source stay in the replica until they are forgotten there.
 */
export async function replicate(
  repository: Repository,
  replica: Repository,
  { parallel = 4, onProgress, signal }: ReplicateOptions = {},
): Promise<ReplicateReport> {
  const [from, to] = [contextOf(repository), contextOf(replica)]
  const begun = from.clock.monotonic()
  const sessions = [await beginSession(from, { kind: 'replicate' })]
  try {
    sessions.push(await beginSession(to, { kind: 'replicate' }))
    // Snapshots first: what they need is in the packs and indexes that are listed after.
    const snapshots = await named(from, 'snapshots/', signal)
    const indexes = await named(from, 'index/', signal)
    const { packs, sizes } = await neededPacks(from, signal)
    const held = await heldBy(to, signal)
    const missingPacks = packs.filter(({ key }) => held.get(key) !== sizes.get(key))
    const total = missingPacks.reduce((sum, { key }) => sum + (sizes.get(key) ?? 0), 0)
    const progress = trackProgress({ onProgress, phase: 'copying packs', total, clock: from.clock })
    const options = { parallel, signal }
    const isMissing = ({ key }: NamedObject): boolean => !held.has(key)
    const onCopied = (bytes: number): void => progress.advance(bytes)
    const copiedPacks = await copyObjects(from.store, to.store, missingPacks, { ...options, onCopied })
    progress.finish()
    const copiedIndexes = await copyObjects(from.store, to.store, indexes.filter(isMissing), options)
    const whole = copiedPacks.unreadable.length === 0
    const newSnapshots = snapshots.filter(isMissing)
    // A snapshot that lacks something must not look whole in the replica.
    const copiedSnapshots = await copyObjects(from.store, to.store, whole ? newSnapshots : [], options)
    const unreadable = [copiedPacks, copiedIndexes, copiedSnapshots].flatMap((each) => each.unreadable)
    const unverified = await missingAfter(
      to,
      [...packs, ...(whole ? snapshots : [])],
      sizes,
      new Set(unreadable),
      signal,
    )
    return {
      ok: unreadable.length === 0 && unverified.length === 0,
      packs: copiedPacks.copied,
      bytes: copiedPacks.bytes + copiedIndexes.bytes + copiedSnapshots.bytes,
      snapshots: copiedSnapshots.copied,
      unreadable,
      unverified,
      seconds: (from.clock.monotonic() - begun) / 1_000,
    }
  } finally {
    for (const session of sessions) await session.end()
  }
}

async function named(
  { store }: RepositoryContext,
  prefix: string,
  signal: AbortSignal | undefined,
): Promise<NamedObject[]> {
  const objects = (await store.list(prefix, signal)).map(({ key }) => ({ key, id: key.slice(prefix.length) }))
  return objects.filter(({ id }) => /^[0-9a-f]{64}$/.test(id))
}

/** The packs that indexes list and that the store holds, with their sizes; those it does not hold are found unreadable. */
async function neededPacks(context: RepositoryContext, signal: AbortSignal | undefined) {
  const { files } = await loadIndex(context, signal)
  const sizes = sizesOf(await context.store.list('data/', signal))
  const ids = new Set(files.flatMap(({ packs }) => packs.map(({ id }) => id)))
  return { packs: [...ids].map((id) => ({ key: packKey(id), id })), sizes }
}

async function heldBy({ store }: RepositoryContext, signal: AbortSignal | undefined): Promise<Map<string, number>> {
  const lists = await Promise.all(['data/', 'index/', 'snapshots/'].map((prefix) => store.list(prefix, signal)))
  return sizesOf(lists.flat())
}

function sizesOf(infos: readonly ObjectInfo[]): Map<string, number> {
  return new Map(infos.map(({ key, size }) => [key, size]))
}

async function missingAfter(
  to: RepositoryContext,
  objects: readonly NamedObject[],
  sizes: ReadonlyMap<string, number>,
  unreadable: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const held = await heldBy(to, signal)
  const isThere = ({ key, id }: NamedObject): boolean =>
    packIdOf(key) === id ? held.get(key) === sizes.get(key) : held.has(key)
  return objects.filter((object) => !unreadable.has(object.key) && !isThere(object)).map(({ key }) => key)
}
