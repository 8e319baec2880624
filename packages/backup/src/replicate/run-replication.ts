import type { ObjectInfo } from '@exprsn/core/storage'
import { trackProgress } from '../progress/progress.ts'
import type { ContentId, Repository } from '../repository/index.ts'
import type { RepositoryContext } from '../repository/context.ts'
import { encodeIndex, type IndexedPack } from '../repository/index/index-json.ts'
import { loadIndex } from '../repository/index/load-index.ts'
import { packIdOf, packKey } from '../repository/pack/pack-key.ts'
import { contextOf } from '../repository/repository-context.ts'
import { beginSession, type Registration } from '../repository/session/begin-session.ts'
import { repositoryErrors } from '../repository/errors.ts'
import { listNoted } from '../repository/snapshot/notes.ts'
import { listFossils } from '../repository/prune/fossil-list.ts'
import { copyBlobs } from './copy-blobs.ts'
import { copyObjects, type CopiedObjects, type CopyObjectsOptions, type NamedObject } from './copy-objects.ts'
import type { ReplicateOptions, ReplicateReport } from './replicate.ts'

/** {@link replicate}. */
export async function runReplication(
  repository: Repository,
  replica: Repository,
  { parallel = 4, onProgress, signal }: ReplicateOptions,
): Promise<ReplicateReport> {
  const [from, to] = [contextOf(repository), contextOf(replica)]
  const begun = from.clock.monotonic()
  const sessions = [await beginSession(from, { kind: 'replicate' })]
  try {
    const registration = await beginSession(to, { kind: 'replicate' })
    sessions.push(registration)
    // What a prune of the replica had decided to remove before it could know of this session is not there to stay.
    const fossils = new Set((await listFossils(to, signal)).flatMap((list) => list.packs))
    // Snapshots first: what they need is in the indexes that are read after, and those list the packs.
    const all = await named(from, 'snapshots/', signal)
    // Nobody relies on those that may lack something until a prune of the source has looked at them.
    const suspects = await listNoted(from, 'suspects', signal)
    const snapshots = all.filter(({ id }) => !suspects.has(id))
    const { listed, sizes, indexes, damaged } = await neededPacks(from, signal)
    const packs = listed.filter(({ id }) => !fossils.has(id)).map(({ id }) => ({ key: packKey(id), id }))
    const held = await heldBy(to, signal)
    const missingPacks = packs.filter(({ key }) => !held.has(key) || held.get(key) !== sizes.get(key))
    const total = missingPacks.reduce((sum, { key }) => sum + (sizes.get(key) ?? 0), 0)
    const progress = trackProgress({ onProgress, phase: 'copying packs', total, clock: from.clock })
    const options = { parallel, signal }
    const isMissing = ({ key }: NamedObject): boolean => !held.has(key)
    const onCopied = (bytes: number): void => progress.advance(bytes)
    const copiedPacks = await copyObjects(from.store, to.store, missingPacks, { ...options, onCopied })
    const going = listed.filter(({ id }) => fossils.has(id))
    const copiedBlobs = await copyBlobs(from, to, going, signal)
    progress.finish()
    const copiedIndexes = await copyIndexes(from, to, indexes.filter(isMissing), { fossils, ...options })
    // Also when a prune of the source has just replaced an index: the next call finds the one in its place.
    const broken = damaged.filter((key) => !held.has(key))
    const whole = broken.length === 0 && [copiedPacks, copiedBlobs, copiedIndexes].every(isWhole)
    const newSnapshots = snapshots.filter(isMissing)
    // A snapshot that lacks something must not look whole in the replica.
    const copiedSnapshots = await copySnapshots(from, to, whole ? newSnapshots : [], { registration, ...options })
    const unreadable = [copiedPacks, copiedBlobs, { unreadable: broken }, copiedIndexes, copiedSnapshots].flatMap(
      (each) => each.unreadable,
    )
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
      bytes: copiedPacks.bytes + copiedBlobs.bytes + copiedIndexes.bytes + copiedSnapshots.bytes,
      snapshots: copiedSnapshots.copied,
      unreadable,
      unverified,
      seconds: (from.clock.monotonic() - begun) / 1_000,
    }
  } finally {
    for (const session of sessions) await session.end()
  }
}

interface NamedIndex extends NamedObject {
  readonly packs: readonly IndexedPack[]
}

function isWhole({ unreadable }: Pick<CopiedObjects, 'unreadable'>): boolean {
  return unreadable.length === 0
}

/** An index that lists packs that a prune of the replica is about to remove arrives without them: their content is elsewhere. */
async function copyIndexes(
  from: RepositoryContext,
  to: RepositoryContext,
  indexes: readonly NamedIndex[],
  { fossils, ...options }: CopyObjectsOptions & { readonly fossils: ReadonlySet<ContentId> },
): Promise<CopiedObjects> {
  const whole: NamedObject[] = []
  for (const { key, id, packs } of indexes) {
    const lasting = packs.filter((pack) => !fossils.has(pack.id))
    if (lasting.length === packs.length) whole.push({ key, id })
    else if (lasting.length > 0) await to.objects.save('index', encodeIndex(lasting), options.signal)
  }
  return copyObjects(from.store, to.store, whole, options)
}

/** Snapshots appear only while nobody has taken this session for dead: else what they need may have been removed. */
async function copySnapshots(
  from: RepositoryContext,
  to: RepositoryContext,
  snapshots: readonly NamedObject[],
  { registration, ...options }: CopyObjectsOptions & { readonly registration: Registration },
) {
  await registration.announce(snapshots.map(({ id }) => id))
  if (!(await registration.isAlive())) throw repositoryErrors.BACKUP_SESSION_LOST()
  const copied = await copyObjects(from.store, to.store, snapshots, options)
  await registration.announce([])
  if (await registration.isAlive()) return copied
  for (const { key } of snapshots) await to.store.delete(key, options.signal)
  throw repositoryErrors.BACKUP_SESSION_LOST()
}

async function named(
  { store }: RepositoryContext,
  prefix: string,
  signal: AbortSignal | undefined,
): Promise<NamedObject[]> {
  const objects = (await store.list(prefix, signal)).map(({ key }) => ({ key, id: key.slice(prefix.length) }))
  return objects.filter(({ id }) => /^[0-9a-f]{64}$/.test(id))
}

/**
 * The packs that indexes list, these very indexes, and the sizes of what the store holds; what it does not hold, or holds
 * damaged, is found unreadable. An index that arrived damaged may be whole when it is read again, but nobody has looked what it
 * lists.
 */
async function neededPacks(context: RepositoryContext, signal: AbortSignal | undefined) {
  const { files, broken } = await loadIndex(context, signal)
  const sizes = sizesOf(await context.store.list('data/', signal))
  const listed = new Map(files.flatMap(({ packs }) => packs.map((pack) => [pack.id, pack] as const)))
  const indexes = files.map(({ id, packs }): NamedIndex => ({ key: `index/${id}`, id, packs }))
  return { listed: [...listed.values()], sizes, indexes, damaged: broken.map(({ id }) => `index/${id}`) }
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
