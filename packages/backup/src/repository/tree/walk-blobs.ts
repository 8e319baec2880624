import type { BlobType, ContentId } from '../blob.ts'
import type { ReadBlobOptions } from '../reader/blob-reader.ts'
import type { TreeNode } from './tree-node.ts'

/** Trees that are read at the same time: more would not be faster, but hold more memory. */
const concurrency = 8

/**
 * Calls back for every blob that some trees lead to, the trees themselves included. The callback says whether the blob is
 * new to it: the content of a tree that is not is not visited again.
 */
export async function walkBlobs(
  readTree: (id: ContentId, options: ReadBlobOptions) => Promise<readonly Pick<TreeNode, 'content' | 'subtree'>[]>,
  roots: readonly ContentId[],
  visit: (type: BlobType, id: ContentId) => boolean,
  signal?: AbortSignal,
): Promise<void> {
  const pending = roots.filter((id) => visit('tree', id))
  while (pending.length > 0) {
    signal?.throwIfAborted()
    const batch = pending.splice(Math.max(0, pending.length - concurrency))
    const trees = await Promise.all(batch.map((id) => readTree(id, { signal })))
    for (const node of trees.flat()) {
      for (const id of node.content ?? []) visit('data', id)
      if (node.subtree !== undefined && visit('tree', node.subtree)) pending.push(node.subtree)
    }
  }
}
