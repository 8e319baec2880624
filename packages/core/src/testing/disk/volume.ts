import type { Clock } from '../../clock/clock.ts'
import type { DiskPath } from '../../disk/disk.ts'
import { diskErrorOf } from '../../disk/disk-error.ts'
import { Gate } from './gate.ts'
import { lookup, type Place } from './lookup.ts'
import { NameJournal } from './name-journal.ts'
import { folderNode, type DiskNode, type FileNode, type FolderNode, type NodeFacts } from './nodes.ts'
import type { Intercept } from './operation.ts'
import { applyChange, sizeAfter, type PendingChange } from './pending-change.ts'

/** What a {@link Volume} is made of. */
export interface VolumeParts {
  readonly clock: Clock
  readonly intercept: Intercept
  /** Bytes of file content that fit. */
  readonly capacity: number
  /** The tree of an earlier life. */
  readonly root?: FolderNode | undefined
}

/** Files are held in memory. */
const largestFile = 2 ** 30

/** The state behind a simulated disk: the tree, what of it is durable, how much fits, and whether it still runs. */
export class Volume {
  readonly clock: Clock
  readonly gate: Gate
  readonly root: FolderNode
  readonly journal = new NameJournal()
  /** Nodes that are locked. */
  readonly locks = new Set<DiskNode>()
  capacity: number
  #used: number
  #lastId: number

  constructor({ clock, intercept, capacity, root }: VolumeParts) {
    this.clock = clock
    this.gate = new Gate(intercept)
    this.capacity = capacity
    this.#lastId = 1
    this.root = root ?? folderNode(1, this.facts(0o755))
    this.#used = this.#take(this.root, new Set())
  }

  /** Bytes of file content. */
  get used(): number {
    return this.#used
  }

  newId(): number {
    return ++this.#lastId
  }

  facts(mode: number): NodeFacts {
    const now = this.time()
    return { mode: mode & 0o7777, userId: 0, groupId: 0, accessedAt: now, modifiedAt: now, changedAt: now }
  }

  /** Nanoseconds since 1970. */
  time(): bigint {
    return BigInt(Math.floor(this.clock.now() * 1_000)) * 1_000n
  }

  lookup(path: DiskPath, operation: string, followLast = false): Place {
    return lookup(this.root, path, operation, followLast)
  }

  /** The node of a path; nothing there is an error. */
  find(path: DiskPath, operation: string, followLast = false): DiskNode {
    const { node } = this.lookup(path, operation, followLast)
    if (node === undefined) throw diskErrorOf('ENOENT', operation, path)
    return node
  }

  /** The folder of a path; anything else is an error. */
  findFolder(path: DiskPath, operation: string): FolderNode {
    const node = this.find(path, operation, true)
    if (node.kind !== 'folder') throw diskErrorOf('ENOTDIR', operation, path)
    return node
  }

  /** Changes a file's content in memory. Of a write that does not fit, what fits is written. */
  change(node: FileNode, change: PendingChange, operation: string, path: DiskPath): void {
    const size = sizeAfter(node.content.size, change)
    if (size > largestFile) throw diskErrorOf('EFBIG', operation, path)
    const missing = size - node.content.size - (this.capacity - this.#used)
    const fits = missing > 0 && size > node.content.size ? shortened(change, missing) : change
    if (fits) {
      this.#used += sizeAfter(node.content.size, fits) - node.content.size
      applyChange(node.content, fits)
      node.changes.push(fits)
      node.facts.modifiedAt = node.facts.changedAt = this.time()
    }
    if (fits !== change) throw diskErrorOf('ENOSPC', operation, path)
  }

  /** Brings everything to the platter. */
  makeDurable(node: DiskNode = this.root): void {
    if (node.kind === 'file') {
      node.durable = node.content.copy()
      node.changes = []
    }
    if (node.kind !== 'folder') return
    this.journal.sync(node)
    for (const child of node.names.values()) this.makeDurable(child)
  }

  /** A node has lost one of its names. */
  dropLink(node: DiskNode): void {
    if (node.kind === 'folder' || --node.links > 0) return
    if (node.kind === 'file') this.#used -= node.content.size
  }

  #take(node: DiskNode, seen: Set<DiskNode>): number {
    if (seen.has(node)) return 0
    seen.add(node)
    this.#lastId = Math.max(this.#lastId, node.id)
    if (node.kind === 'file') return node.content.size
    if (node.kind === 'symlink') return 0
    return [...node.names.values()].reduce((sum, child) => sum + this.#take(child, seen), 0)
  }
}

/** A write less its last bytes; undefined when nothing of it is left, as always for a truncation. */
function shortened(change: PendingChange, missing: number): PendingChange | undefined {
  if (change.kind === 'truncate' || missing >= change.bytes.length) return undefined
  return { ...change, bytes: change.bytes.subarray(0, change.bytes.length - missing) }
}
