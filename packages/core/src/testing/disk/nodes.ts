import type { DiskStat } from '../../disk/disk.ts'
import { FileContent } from './file-content.ts'
import type { PendingChange } from './pending-change.ts'

/** What every node has besides its content. Changes of these are durable at once: nothing in the family leans on them. */
export interface NodeFacts {
  mode: number
  userId: number
  groupId: number
  accessedAt: bigint
  modifiedAt: bigint
  changedAt: bigint
}

/** A file: as the running system sees it, and as it is on the platter. */
export interface FileNode {
  readonly kind: 'file'
  readonly id: number
  readonly facts: NodeFacts
  links: number
  content: FileContent
  durable: FileContent
  /** What was done since the last sync, in order. */
  changes: PendingChange[]
}

/** Names by their bytes, as latin-1 text. */
export type Names = Map<string, DiskNode>

/** A folder: its names as the running system sees them, and as they are on the platter. */
export interface FolderNode {
  readonly kind: 'folder'
  readonly id: number
  readonly facts: NodeFacts
  readonly names: Names
  readonly durable: Names
}

/** A symbolic link; its target is durable with its name. */
export interface SymlinkNode {
  readonly kind: 'symlink'
  readonly id: number
  readonly facts: NodeFacts
  links: number
  readonly target: Uint8Array
}

/** Anything that a name can stand for. */
export type DiskNode = FileNode | FolderNode | SymlinkNode

/** A file that is the same on the platter as in memory. */
export function fileNode(id: number, facts: NodeFacts, bytes: Uint8Array = new Uint8Array()): FileNode {
  const content = new FileContent(bytes)
  return { kind: 'file', id, facts, links: 1, content, durable: content.copy(), changes: [] }
}

/** An empty folder. */
export function folderNode(id: number, facts: NodeFacts): FolderNode {
  return { kind: 'folder', id, facts, names: new Map(), durable: new Map() }
}

const blockSize = 512
const folderSize = 4096

/** The facts of a node as the port gives them. */
export function nodeStat(node: DiskNode): DiskStat {
  const size = nodeSize(node)
  return {
    kind: node.kind,
    size,
    ...node.facts,
    device: 1n,
    inode: BigInt(node.id),
    links: node.kind === 'folder' ? 2 : node.links,
    allocated: Math.ceil(size / blockSize) * blockSize,
  }
}

function nodeSize(node: DiskNode): number {
  if (node.kind === 'file') return node.content.size
  return node.kind === 'symlink' ? node.target.length : folderSize
}
