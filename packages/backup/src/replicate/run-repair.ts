import type { ContentId, PackedBlob, Repository } from '../repository/index.ts'
import type { RepositoryContext } from '../repository/context.ts'
import { encodeIndex, type IndexedPack } from '../repository/index/index-json.ts'
import { loadIndex } from '../repository/index/load-index.ts'
import { isNotFound } from '../repository/object/repository-store.ts'
import { openBlob } from '../repository/pack/open-blob.ts'
import { packIdOf, packKey } from '../repository/pack/pack-key.ts'
import { SealedPacks } from '../repository/pack/sealed-packs.ts'
import { readPackHeader } from '../repository/pack/read-pack-header.ts'
import { contextOf } from '../repository/repository-context.ts'
import { beginSession } from '../repository/session/begin-session.ts'
import { putNote } from '../repository/snapshot/notes.ts'
import { checkRepository, type CheckReport } from '../verify/check-repository.ts'
import { copyObjects, type NamedObject } from './copy-objects.ts'
import type { RepairOptions, RepairReport } from './repair-repository.ts'

/** {@link repairRepository}. */
export async function runRepair(repository: Repository, options: RepairOptions): Promise<RepairReport> {
  const { from = [], dryRun = false, onProgress, signal } = options
  const context = contextOf(repository)
  const check = (): Promise<CheckReport> => checkRepository(repository, { level: 3, onProgress, signal })
  const before = await check()
  if (dryRun) return { before, after: before, healed: [], indexedPacks: 0, lostPacks: [] }
  const session = await beginSession(context, { kind: 'repair' })
  try {
    const replicas = from.map(contextOf)
    const healed = await heal(context, before, replicas, signal)
    // An index that came back may list packs that are gone as well.
    const showsMore = healed.some((key) => key.startsWith('index/'))
    const known = showsMore ? await check() : before
    if (showsMore) healed.push(...(await heal(context, known, replicas, signal)))
    const indexedPacks = await rebuildIndex(context, signal)
    const lostPacks = await giveUpPacks(context, known, new Set(healed), signal)
    const after = await check()
    for (const id of after.affectedSnapshots) await putNote(context, 'unsound', id)
    return { before, after, healed, indexedPacks, lostPacks }
  } finally {
    await session.end()
  }
}

const objectKinds: ReadonlySet<string> = new Set([
  'pack-missing',
  'pack-size',
  'pack-header',
  'pack-damaged',
  'snapshot-damaged',
  'index-damaged',
])

/** The objects of a report that are named by their content. */
function damagedObjects({ problems }: CheckReport): NamedObject[] {
  const keys = new Set(problems.filter(({ kind }) => objectKinds.has(kind)).map(({ object }) => object))
  return [...keys].map((key) => ({ key, id: key.slice(key.lastIndexOf('/') + 1) }))
}

async function heal(
  context: RepositoryContext,
  report: CheckReport,
  replicas: readonly RepositoryContext[],
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const healed: string[] = []
  let wanted = damagedObjects(report)
  for (const replica of replicas) {
    const { unreadable } = await copyObjects(replica.store, context.store, wanted, { parallel: 4, signal })
    const missing = new Set(unreadable)
    healed.push(...wanted.filter(({ key }) => !missing.has(key)).map(({ key }) => key))
    wanted = wanted.filter(({ key }) => missing.has(key))
  }
  return healed
}

/** Lists packs that no readable index knows, then removes the indexes that cannot be read. */
async function rebuildIndex(context: RepositoryContext, signal: AbortSignal | undefined): Promise<number> {
  const { store, objects, key } = context
  const { files, broken } = await loadIndex(context, signal)
  const known = new Set(files.flatMap(({ packs }) => packs.map(({ id }) => id)))
  const found: IndexedPack[] = []
  for (const { key: name, size } of await store.list('data/', signal)) {
    const id = packIdOf(name)
    if (id === undefined || known.has(id)) continue
    const read = (start: number, end: number): Promise<Uint8Array> => store.get(name, { range: { start, end }, signal })
    const blobs = await readPackHeader(id, size, key, read).catch(undefinedWhenDamaged)
    if (blobs !== undefined) found.push({ id, blobs })
  }
  if (found.length > 0) await objects.save('index', encodeIndex(found), signal)
  for (const { id } of broken) await store.delete(`index/${id}`, signal)
  return found.length
}

function undefinedWhenDamaged(error: unknown): undefined {
  if ((error as { readonly code?: unknown }).code !== 'BACKUP_OBJECT_CORRUPT') throw error
}

/** Saves what is sound in damaged packs, and takes them and the missing ones out of the index. */
async function giveUpPacks(
  context: RepositoryContext,
  report: CheckReport,
  healed: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<ContentId[]> {
  const lost = damagedObjects(report).filter(({ key }) => packIdOf(key) !== undefined && !healed.has(key))
  if (lost.length === 0) return []
  const ids = new Set(lost.map(({ id }) => id))
  const { files } = await loadIndex(context, signal)
  const outdated = files.filter(({ packs }) => packs.some(({ id }) => ids.has(id)))
  const packs = new Map(outdated.flatMap((file) => file.packs).map((pack) => [pack.id, pack]))
  const rest = [...packs.values()].filter(({ id }) => !ids.has(id))
  for (const id of ids) rest.push(...(await salvage(context, id, packs.get(id)?.blobs ?? [], signal)))
  if (rest.length > 0) await context.objects.save('index', encodeIndex(rest), signal)
  for (const { id } of outdated) await context.store.delete(`index/${id}`, signal)
  for (const { key } of lost) await context.store.delete(key, signal)
  return [...ids]
}

async function salvage(
  context: RepositoryContext,
  pack: ContentId,
  blobs: readonly PackedBlob[],
  signal: AbortSignal | undefined,
): Promise<readonly IndexedPack[]> {
  const { store, key } = context
  const bytes = await store.get(packKey(pack), { signal }).catch((error: unknown) => {
    if (isNotFound(error)) return new Uint8Array(0)
    throw error
  })
  const stored = new SealedPacks(context, signal)
  try {
    for (const blob of blobs) {
      const sealed = bytes.subarray(blob.offset, blob.offset + blob.length)
      try {
        openBlob(key, blob, sealed, { pack })
      } catch {
        continue
      }
      await stored.add({ type: blob.type, id: blob.id, sealed, uncompressedLength: blob.uncompressedLength })
    }
    return await stored.finish()
  } finally {
    await stored.settle()
  }
}
