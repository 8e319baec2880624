import {
  fdatasync,
  fdatasyncSync,
  fstat,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncate,
  ftruncateSync,
  type BigIntStats,
} from 'node:fs'
import type { DiskFile, DiskPath, DiskStat, OpenMode } from '../disk.ts'
import { checkOffset, diskError, diskErrorOf } from '../disk-error.ts'
import { closeDescriptor, closeDescriptorSync } from './descriptors.ts'
import { promised } from './promised.ts'
import { diskStat } from './stat.ts'
import { readFully, readFullySync, writeFully, writeFullySync } from './transfer.ts'

const statAsync = (descriptor: number): Promise<BigIntStats> =>
  promised((done) => fstat(descriptor, { bigint: true }, done))

/**
 * An open file of the system. Its descriptor is closed only when no call is under way: the number is given to the next
 * file that is opened, and a late write would land there.
 */
export class SystemFile implements DiskFile {
  readonly path: DiskPath
  readonly #descriptor: number
  readonly #mode: OpenMode
  #underWay = 0
  #closed = false
  #whenIdle: (() => void) | undefined

  constructor(path: DiskPath, descriptor: number, mode: OpenMode) {
    this.path = path
    this.#descriptor = descriptor
    this.#mode = mode
  }

  read(target: Uint8Array, position: number): Promise<number> {
    return this.#call('read', position, (descriptor) => readFully(descriptor, target, position))
  }

  readSync(target: Uint8Array, position: number): number {
    return this.#callSync('read', position, (descriptor) => readFullySync(descriptor, target, position))
  }

  write(bytes: Uint8Array, position: number): Promise<void> {
    const at = this.#mode === 'append' ? undefined : position
    return this.#call('write', at ?? 0, (descriptor) => writeFully(descriptor, bytes, at))
  }

  writeSync(bytes: Uint8Array, position: number): void {
    const at = this.#mode === 'append' ? undefined : position
    this.#check('write', at ?? 0)
    // Not by way of #callSync: where logs write at every turn, a function made for each call shows.
    try {
      writeFullySync(this.#descriptor, bytes, at)
    } catch (thrown) {
      this.#fail(thrown, 'write')
    }
  }

  truncate(size: number): Promise<void> {
    return this.#call('truncate', size, (descriptor) => promised<void>((done) => ftruncate(descriptor, size, done)))
  }

  truncateSync(size: number): void {
    this.#callSync('truncate', size, (descriptor) => ftruncateSync(descriptor, size))
  }

  fsync(): Promise<void> {
    return this.#call('fsync', 0, (descriptor) => promised<void>((done) => fsync(descriptor, done)))
  }

  fsyncSync(): void {
    this.#callSync('fsync', 0, fsyncSync)
  }

  fdatasync(): Promise<void> {
    return this.#call('fdatasync', 0, (descriptor) => promised<void>((done) => fdatasync(descriptor, done)))
  }

  fdatasyncSync(): void {
    this.#callSync('fdatasync', 0, fdatasyncSync)
  }

  stat(): Promise<DiskStat> {
    return this.#call('stat', 0, async (descriptor) => diskStat(await statAsync(descriptor)))
  }

  statSync(): DiskStat {
    return this.#callSync('stat', 0, (descriptor) => diskStat(fstatSync(descriptor, { bigint: true })))
  }

  /** Waits for the calls under way. Closing twice does nothing. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    if (this.#underWay > 0) await new Promise<void>((resolve) => (this.#whenIdle = resolve))
    await closeDescriptor(this.#descriptor).catch((thrown) => this.#fail(thrown, 'close'))
  }

  /** Closes at once, or as soon as the asynchronous calls under way are done. */
  closeSync(): void {
    if (this.#closed) return
    this.#closed = true
    if (this.#underWay > 0) this.#whenIdle = () => closeDescriptorSync(this.#descriptor)
    else this.#attempt('close', closeDescriptorSync)
  }

  async #call<Result>(
    operation: string,
    offset: number,
    call: (descriptor: number) => Promise<Result>,
  ): Promise<Result> {
    this.#check(operation, offset)
    this.#underWay++
    try {
      return await call(this.#descriptor)
    } catch (thrown) {
      throw diskError(thrown, operation, this.path)
    } finally {
      if (--this.#underWay === 0) this.#whenIdle?.()
    }
  }

  #callSync<Result>(operation: string, offset: number, call: (descriptor: number) => Result): Result {
    this.#check(operation, offset)
    return this.#attempt(operation, call)
  }

  #attempt<Result>(operation: string, call: (descriptor: number) => Result): Result {
    try {
      return call(this.#descriptor)
    } catch (thrown) {
      return this.#fail(thrown, operation)
    }
  }

  #check(operation: string, offset: number): void {
    if (this.#closed) throw diskErrorOf('EBADF', operation, this.path)
    // The system would call a write to such a file EBADF, and a truncation EINVAL.
    if (this.#mode === 'read' && (operation === 'write' || operation === 'truncate'))
      throw diskErrorOf('EACCES', operation, this.path)
    checkOffset(offset, operation, this.path)
  }

  #fail(thrown: unknown, operation: string): never {
    throw diskError(thrown, operation, this.path)
  }
}
