import { loadLastingTable } from '../index/load-table.ts'
import type { BlobReader } from '../reader/blob-reader.ts'
import type { RepositoryContext } from '../context.ts'
import { lackOf } from '../tree/lack-of.ts'
import { listNoted, listNotes, removeNote } from './notes.ts'
import { loadSnapshots, type LoadedSnapshots, type LoadSnapshotsOptions } from './snapshots.ts'

/** All snapshots, less those suspects that lack something: nobody was told that they exist. */
export async function loadSoundSnapshots(
  context: RepositoryContext,
  reader: BlobReader,
  options: LoadSnapshotsOptions = {},
): Promise<LoadedSnapshots> {
  const loaded = await loadSnapshots(context, options)
  // After the snapshots: nothing is removed that one needs before its note is there.
  const suspects = await listNoted(context, 'suspects', options.signal)
  if (!loaded.snapshots.some(({ id }) => suspects.has(id))) return loaded
  const table = await loadLastingTable(context, options.signal)
  const snapshots = []
  for (const snapshot of loaded.snapshots)
    if (!suspects.has(snapshot.id) || (await lackOf(reader, table, snapshot.tree, options.signal)) === undefined)
      snapshots.push(snapshot)
  return { ...loaded, snapshots }
}

/**
 * Decides about suspects that stand in the store: those that are whole are snapshots like others. What lacks something is left
 * hidden as long as its backup may still go on, which looks itself then: an index that arrived damaged, or a list that is late,
 * makes whole ones lack something, too. After that it was told to nobody, and is removed.
 *
 * @param before By the store's clock: whose note is older has no process any more.
 */
export async function settleSuspects(
  context: RepositoryContext,
  reader: BlobReader,
  before: number,
  signal?: AbortSignal,
): Promise<void> {
  const notes = await listNotes(context, 'suspects', signal)
  if (notes.length === 0) return
  const loaded = await loadSnapshots(context, { signal })
  const trees = new Map(loaded.snapshots.map(({ id, tree }) => [id, tree]))
  const table = await loadLastingTable(context, signal)
  for (const { snapshot, notedAt } of notes) {
    const tree = trees.get(snapshot)
    const isWhole = tree !== undefined && (await lackOf(reader, table, tree, signal)) === undefined
    const isOver = notedAt.getTime() < before
    if (tree !== undefined && isOver && !isWhole) await context.store.delete(`snapshots/${snapshot}`, signal)
    if (isWhole || isOver) await removeNote(context, 'suspects', snapshot)
  }
}
