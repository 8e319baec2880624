import { ExprsnError } from '@exprsn/core'
import type { BlobType, ContentId } from '../blob.ts'
import type { RepositoryContext } from '../context.ts'
import { repositoryErrors } from '../errors.ts'
import type { BlobTable } from '../index/blob-table.ts'
import { loadIndex, type IndexFile } from '../index/load-index.ts'
import { tableOf } from '../index/load-table.ts'
import { packIdOf } from '../pack/pack-key.ts'
import type { BlobReader } from '../reader/blob-reader.ts'
import { createReader } from '../reader/create-reader.ts'
import { listSessions } from '../session/session-record.ts'
import { loadSnapshots } from '../snapshot/snapshots.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { listNoted } from '../snapshot/notes.ts'
import { decodeReferences } from '../tree/decode-tree.ts'
import { walkBlobs } from '../tree/walk-blobs.ts'
import { listFossils, type FossilList } from './fossil-list.ts'

/** What is needed, and where it lies. */
export interface Marked {
  readonly files: readonly IndexFile[]
  readonly table: BlobTable
  readonly fossils: readonly FossilList[]
  /** Packs in the store with their sizes, listed before everything else. */
  readonly stored: ReadonlyMap<ContentId, number>
  /** Per pack of the table: bytes of it that are needed. A blob that lies in several packs is needed in one of them only. */
  readonly neededBytes: Float64Array
  /** Per row of the table: 1 when this very copy is the one that is needed. */
  readonly neededRows: Uint8Array
}

/**
 * Finds everything that snapshots and running backups need. Snapshots are listed before sessions: a backup makes the
 * protection of its parent visible and looks for the parent after, so one of the two listings shows it.
 *
 * @throws `BACKUP_PRUNE_UNSAFE` when a snapshot, an index or a folder cannot be read: who knows what they need.
 */
export async function mark(context: RepositoryContext, signal?: AbortSignal): Promise<Marked> {
  const stored = await storedPacks(context, signal)
  const cache = new Map<ContentId, Snapshot>()
  await loadSnapshots(context, { cache, signal })
  const sessions = await listSessions(context, signal)
  // Once more: what a backup had protected that ended in between is needed by the snapshot it left.
  const { broken } = await loadSnapshots(context, { cache, signal })
  if (broken[0] !== undefined) throw unsafe(`the snapshot ${broken[0].id} is damaged`, broken[0].error)
  const snapshots = [...cache.values()]
  // After the snapshots: a note is there before what it is about, and goes when that is found to be whole.
  const suspects = await listNoted(context, 'suspects', signal)
  const fossils = await listFossils(context, signal)
  const index = await loadIndex(context, signal)
  if (index.broken[0] !== undefined) throw unsafe(`the index ${index.broken[0].id} is damaged`, index.broken[0].error)
  const table = tableOf(index.files)
  const reader = createReader(context, { walks: true, table })
  const needed = new Uint8Array(table.size)
  const { sure = [], unsure = [] } = Object.groupBy(snapshots, ({ id }) => (suspects.has(id) ? 'unsure' : 'sure'))
  const sureRoots = sure.map(({ tree }) => tree)
  const unsureRoots = [...unsure.map(({ tree }) => tree), ...sessions.flatMap(({ roots }) => roots)]
  await walk(reader, table, sureRoots, needed, signal)
  for (const root of unsureRoots) await walkIfThere(reader, table, root, needed, signal)
  const doomed = new Set(fossils.flatMap(({ packs }) => packs))
  return { files: index.files, table, fossils, stored, ...chooseCopies(table, needed, doomed, stored) }
}

const unsafe = (reason: string, cause: unknown) => repositoryErrors.BACKUP_PRUNE_UNSAFE({ reason }, { cause })

async function walk(
  reader: BlobReader,
  table: BlobTable,
  roots: readonly ContentId[],
  needed: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<void> {
  const visit = (type: BlobType, id: ContentId): boolean => {
    const row = table.find(type, id)
    if (row === -1) throw repositoryErrors.BACKUP_BLOB_MISSING({ type, id })
    if (needed[row] === 1) return false
    needed[row] = 1
    return true
  }
  try {
    await walkBlobs(
      async (id, options) => decodeReferences(await reader.read('tree', id, options)),
      roots,
      visit,
      signal,
    )
  } catch (cause) {
    if (ExprsnError.is(cause) && cause.code.startsWith('BACKUP_'))
      throw unsafe('a folder or its content is missing', cause)
    throw cause
  }
}

/** A backup that is about to choose another parent may still name one that is gone: that binds nobody. */
async function walkIfThere(
  reader: BlobReader,
  table: BlobTable,
  root: ContentId,
  needed: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await walk(reader, table, [root], needed, signal)
  } catch (error) {
    if (!ExprsnError.is(error) || error.code !== 'BACKUP_PRUNE_UNSAFE') throw error
  }
}

/** Sizes of the packs that the store holds. */
export async function storedPacks(
  { store }: RepositoryContext,
  signal: AbortSignal | undefined,
): Promise<Map<ContentId, number>> {
  const sizes = new Map<ContentId, number>()
  for (const { key, size } of await store.list('data/', signal)) {
    const pack = packIdOf(key)
    if (pack !== undefined) sizes.set(pack, size)
  }
  return sizes
}

/** Of several copies the one is kept that lies in no pack about to be removed; else one that is still there. */
function chooseCopies(
  table: BlobTable,
  needed: Uint8Array,
  doomed: ReadonlySet<ContentId>,
  stored: ReadonlyMap<ContentId, number>,
): Pick<Marked, 'neededBytes' | 'neededRows'> {
  const neededBytes = new Float64Array(table.packs.length)
  const neededRows = new Uint8Array(table.size)
  for (let row = 0; row < table.size; row++) {
    if (needed[row] !== 1) continue
    const copies = table.copiesOf(row)
    const lasting = copies.find((copy) => !doomed.has(table.packOf(copy)))
    const kept = lasting ?? copies.find((copy) => stored.has(table.packOf(copy))) ?? row
    neededRows[kept] = 1
    neededBytes[table.packNumber(kept)]! += table.lengthOf(kept)
  }
  return { neededBytes, neededRows }
}
