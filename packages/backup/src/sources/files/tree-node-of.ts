import type { DiskPath, DiskStat, EntryKind } from '@exprsn/core/disk'
import type { ExtendedAttribute, TreeNode, TreeNodeType } from '../../repository/index.ts'
import type { OwnerNames } from './owner-names.ts'

const types: Readonly<Partial<Record<EntryKind, TreeNodeType>>> = {
  file: 'file',
  folder: 'dir',
  symlink: 'symlink',
  fifo: 'fifo',
  'block-device': 'dev',
  'character-device': 'chardev',
}

/** What the tree calls an entry; undefined for what no backup holds (sockets, unknown things). */
export function nodeTypeOf(kind: EntryKind): TreeNodeType | undefined {
  return types[kind]
}

/** The entry of a tree for what was found on the disk: the fields that restic 0.14 fills, and no others. */
export function treeNodeOf(
  name: DiskPath,
  stat: DiskStat,
  owners: OwnerNames,
  rest: Pick<TreeNode, 'content' | 'subtree' | 'linkTarget'> & {
    readonly size?: number | undefined
    readonly extendedAttributes?: readonly ExtendedAttribute[] | undefined
  },
): TreeNode {
  const type = nodeTypeOf(stat.kind)!
  return {
    name,
    type,
    mode: stat.mode,
    modifiedAt: stat.modifiedAt,
    // Reading a file changes when it was last read: it is left out of the comparison of one backup with the next.
    accessedAt: stat.modifiedAt,
    changedAt: stat.changedAt,
    userId: stat.userId,
    groupId: stat.groupId,
    user: owners.user(stat.userId),
    group: owners.group(stat.groupId),
    inode: stat.inode,
    deviceId: stat.device,
    size: type === 'file' ? (rest.size ?? stat.size) : undefined,
    links: type === 'dir' || type === 'fifo' ? undefined : stat.links,
    linkTarget: rest.linkTarget,
    extendedAttributes: rest.extendedAttributes,
    device: stat.specialDevice,
    content: rest.content,
    subtree: rest.subtree,
  }
}
