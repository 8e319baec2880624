import { ExprsnError } from '@exprsn/core'
import type { BlobReader, BlobType, ContentId, Snapshot } from '../repository/index.ts'
import { displayName } from '../repository/snapshot/resolve-path.ts'
import type { AffectedEntry, RepositoryProblem } from './problem.ts'

/** What {@link checkTrees} found. */
export interface CheckedTrees {
  readonly problems: readonly RepositoryProblem[]
  readonly affected: readonly AffectedEntry[]
  readonly affectedSnapshots: readonly ContentId[]
}

/** The most affected entries that are named. */
const mostAffected = 1_000

/**
 * Walks every folder of every snapshot: all of it must be in the index and readable. Names what cannot be restored, also
 * for content that an earlier step found to be damaged.
 */
export async function checkTrees(
  reader: BlobReader,
  snapshots: readonly Snapshot[],
  damaged: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<CheckedTrees> {
  const problems = new Map<string, RepositoryProblem>()
  const affected: AffectedEntry[] = []
  /** Folders without any problem below them need no second visit from another snapshot. */
  const sound = new Set<ContentId>()

  const isLost = (type: BlobType, id: ContentId): boolean => {
    const object = `${type} ${id}`
    if (damaged.has(object)) return true
    if (reader.locate(type, id) !== undefined) return false
    problems.set(object, { kind: 'blob-missing', object, reason: 'no index knows it' })
    return true
  }

  const visit = async (snapshot: Snapshot, tree: ContentId, path: string): Promise<boolean> => {
    if (sound.has(tree)) return true
    signal?.throwIfAborted()
    const report = (entry: string): false => {
      if (affected.length < mostAffected) affected.push({ snapshot: snapshot.id, path: entry })
      return false
    }
    if (isLost('tree', tree)) return report(path || '/')
    let whole = true
    try {
      for (const node of await reader.readTree(tree, { signal })) {
        const child = `${path}/${displayName(node.name)}`
        if (node.content?.some((id) => isLost('data', id))) whole = report(child)
        if (node.subtree !== undefined && !(await visit(snapshot, node.subtree, child))) whole = false
      }
    } catch (error) {
      if (!ExprsnError.is(error) || !error.code.startsWith('BACKUP_')) throw error
      problems.set(`tree ${tree}`, { kind: 'tree-damaged', object: `tree ${tree}`, reason: error.message })
      whole = report(path || '/')
    }
    if (whole) sound.add(tree)
    return whole
  }

  const affectedSnapshots: ContentId[] = []
  for (const snapshot of snapshots) if (!(await visit(snapshot, snapshot.tree, ''))) affectedSnapshots.push(snapshot.id)
  return { problems: [...problems.values()], affected, affectedSnapshots }
}
