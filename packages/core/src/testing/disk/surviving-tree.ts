import type { Random } from '../../random/random.ts'
import type { NameChange } from './name-journal.ts'
import { fileNode, folderNode, type DiskNode, type FolderNode } from './nodes.ts'
import { survivingContent, type TearOptions } from './surviving-content.ts'
import { survivingNames } from './surviving-names.ts'

/** A copy of the tree as a power loss leaves it: everything in it is durable, and what has no name is gone. */
export function survivingTree(
  root: FolderNode,
  pending: readonly NameChange[],
  random: Random,
  options: TearOptions,
): FolderNode {
  const namesOf = survivingNames(root, pending, random)
  const copies = new Map<DiskNode, DiskNode>()

  function copyFolder(folder: FolderNode): FolderNode {
    const copy = folderNode(folder.id, { ...folder.facts })
    copies.set(folder, copy)
    for (const [name, node] of namesOf(folder)) {
      // A folder that was moved can have two names for a moment; it keeps the first.
      if (node.kind === 'folder' && copies.has(node)) continue
      const child = copyNode(node)
      copy.names.set(name, child)
      copy.durable.set(name, child)
    }
    return copy
  }

  function copyNode(node: DiskNode): DiskNode {
    if (node.kind === 'folder') return copyFolder(node)
    const known = copies.get(node)
    if (known && known.kind !== 'folder') {
      known.links++
      return known
    }
    const copy: DiskNode =
      node.kind === 'symlink'
        ? { ...node, facts: { ...node.facts }, links: 1 }
        : fileNode(node.id, { ...node.facts }, survivingContent(node.durable.bytes, node.changes, random, options))
    copies.set(node, copy)
    return copy
  }

  return copyFolder(root)
}
