import type { DiskFile, DiskPath, DiskStat, OpenMode } from '../../disk/disk.ts'
import { checkOffset, diskErrorOf } from '../../disk/disk-error.ts'
import type { GatedCall } from './gate.ts'
import { nodeStat, type DiskNode, type FileNode } from './nodes.ts'
import { applyChange } from './pending-change.ts'
import type { Volume } from './volume.ts'

/** An open file of a simulated disk. Asynchronous calls take effect at once, and answer a microtask later. */
export class SimulatedFile implements DiskFile {
  readonly path: DiskPath
  readonly #volume: Volume
  readonly #node: DiskNode
  readonly #mode: OpenMode
  #closed = false

  constructor(volume: Volume, path: DiskPath, node: DiskNode, mode: OpenMode) {
    this.#volume = volume
    this.path = path
    this.#node = node
    this.#mode = mode
  }

  async read(target: Uint8Array, position: number): Promise<number> {
    return this.readSync(target, position)
  }

  readSync(target: Uint8Array, position: number): number {
    this.#check('read', position)
    return this.#pass({
      name: 'read',
      reads: true,
      act: () => this.#file('read').content.read(target, position),
    })
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    this.writeSync(bytes, position)
  }

  writeSync(bytes: Uint8Array, position: number): void {
    const appends = this.#mode === 'append'
    this.#check('write', appends ? 0 : position)
    this.#checkWritable('write')
    if (bytes.length === 0) return
    const put = (length: number): void => {
      const node = this.#file('write')
      const at = appends ? node.content.size : position
      const change = { kind: 'write', position: at, bytes: Uint8Array.from(bytes.subarray(0, length)) } as const
      this.#volume.change(node, change, 'write', this.path)
    }
    const putHalf = (): void => put(Math.floor(bytes.length / 2))
    this.#pass({
      name: 'write',
      size: bytes.length,
      act: () => put(bytes.length),
      halfway: putHalf,
      failed: putHalf,
    })
  }

  async truncate(size: number): Promise<void> {
    this.truncateSync(size)
  }

  truncateSync(size: number): void {
    this.#check('truncate', size)
    this.#checkWritable('truncate')
    this.#pass({
      name: 'truncate',
      act: () => this.#volume.change(this.#file('truncate'), { kind: 'truncate', size }, 'truncate', this.path),
    })
  }

  async fsync(): Promise<void> {
    this.fsyncSync()
  }

  fsyncSync(): void {
    this.#sync('fsync')
  }

  async fdatasync(): Promise<void> {
    this.fdatasyncSync()
  }

  fdatasyncSync(): void {
    this.#sync('fdatasync')
  }

  async stat(): Promise<DiskStat> {
    return this.statSync()
  }

  statSync(): DiskStat {
    this.#check('stat', 0)
    return this.#pass({ name: 'stat', reads: true, act: () => nodeStat(this.#node) })
  }

  async close(): Promise<void> {
    this.closeSync()
  }

  closeSync(): void {
    if (this.#closed) return
    this.#pass({ name: 'close', reads: true, act: () => (this.#closed = true) })
  }

  #sync(name: string): void {
    this.#check(name, 0)
    this.#pass({
      name,
      act: () => {
        if (this.#node.kind !== 'file') return
        for (const change of this.#node.changes) applyChange(this.#node.durable, change)
        this.#node.changes = []
      },
      failed: () => {
        if (this.#node.kind === 'file') this.#node.changes = []
      },
    })
  }

  #pass<Result>(call: Omit<GatedCall<Result>, 'path'>): Result {
    return this.#volume.gate.pass({ ...call, path: this.path })
  }

  #check(operation: string, offset: number): void {
    if (this.#closed) throw diskErrorOf('EBADF', operation, this.path)
    checkOffset(offset, operation, this.path)
  }

  #checkWritable(operation: string): void {
    if (this.#mode === 'read') throw diskErrorOf('EACCES', operation, this.path)
  }

  #file(operation: string): FileNode {
    if (this.#node.kind !== 'file') throw diskErrorOf('EISDIR', operation, this.path)
    return this.#node
  }
}
