import type { DiskPath } from '@exprsn/core/disk'
import { repositoryErrors } from '../errors.ts'
import type { BlobReader } from '../reader/blob-reader.ts'
import type { TreeNode } from '../tree/tree-node.ts'
import type { Snapshot } from './snapshot.ts'

/** An entry of a snapshot with its path inside it. */
export interface SnapshotEntry {
  /** From the root of the snapshot, beginning with `/`; replacement characters stand for bytes that are not UTF-8. */
  readonly path: string
  readonly node: TreeNode
}

/** Options of `listEntries`. */
export interface EntriesOptions {
  /** Whether folders below are listed too, each before its content. @default false */
  readonly recursive?: boolean | undefined
  /** Ends the listing. */
  readonly signal?: AbortSignal | undefined
}

const lossy = new TextDecoder('utf-8', { ignoreBOM: true })

/** A name for people. */
export function displayName(name: DiskPath): string {
  return typeof name === 'string' ? name : lossy.decode(name)
}

/** The entries of a folder of a snapshot; of a file, the file itself. */
export async function* listEntries(
  reader: BlobReader,
  snapshot: Snapshot,
  path: string,
  { recursive = false, signal }: EntriesOptions = {},
): AsyncGenerator<SnapshotEntry, void, void> {
  const node = await findNode(reader, snapshot, path, signal)
  const base = `/${parts(path).join('/')}`
  if (node !== undefined && node.type !== 'dir') {
    yield { path: base, node }
    return
  }
  const pending = [{ path: base === '/' ? '' : base, tree: node === undefined ? snapshot.tree : node.subtree! }]
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const below: typeof pending = []
    for (const child of await reader.readTree(folder.tree, { signal })) {
      const childPath = `${folder.path}/${displayName(child.name)}`
      yield { path: childPath, node: child }
      if (recursive && child.subtree !== undefined) below.push({ path: childPath, tree: child.subtree })
    }
    pending.push(...below.reverse())
  }
}

/**
 * The entry at a path; undefined for the root.
 *
 * @throws `BACKUP_PATH_NOT_FOUND`
 */
export async function findNode(
  reader: BlobReader,
  snapshot: Snapshot,
  path: string,
  signal?: AbortSignal,
): Promise<TreeNode | undefined> {
  let node: TreeNode | undefined
  let tree: string | undefined = snapshot.tree
  for (const part of parts(path)) {
    const nodes: readonly TreeNode[] = tree === undefined ? [] : await reader.readTree(tree, { signal })
    node = nodes.find(({ name }) => displayName(name) === part)
    if (node === undefined) throw repositoryErrors.BACKUP_PATH_NOT_FOUND({ path, snapshot: snapshot.id.slice(0, 8) })
    tree = node.subtree
  }
  return node
}

/** The content of a file of a snapshot, piece by piece; every piece was authenticated. */
export async function* readContent(
  reader: BlobReader,
  snapshot: Snapshot,
  path: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, void> {
  const node = await findNode(reader, snapshot, path, signal)
  if (node?.type !== 'file') {
    const found = node?.type ?? 'dir'
    throw repositoryErrors.BACKUP_PATH_NOT_FILE({ path, snapshot: snapshot.id.slice(0, 8), wanted: 'file', found })
  }
  let next: Promise<Uint8Array> | undefined
  const content = node.content ?? []
  for (const [index, id] of content.entries()) {
    const current = next ?? reader.read('data', id, { signal })
    const following = content[index + 1]
    // Reads ahead by one; a failure of it is thrown when its turn comes, not as an unhandled rejection.
    next = following === undefined ? undefined : reader.read('data', following, { signal })
    next?.catch(() => {})
    yield await current
  }
}

function parts(path: string): string[] {
  return path.split('/').filter((part) => part !== '')
}
