import {
  milliseconds,
  silentLogger,
  systemClock,
  systemRandom,
  type Clock,
  type Logger,
  type Random,
} from '@exprsn/core'
import { toHex } from '@exprsn/core/bytes'
import { systemDisk, type Disk, type DiskLock } from '@exprsn/core/disk'
import { adoptFolders, lockPath, type AdoptedFolder } from './adopt-folders.ts'
import { createBufferedWriter } from './buffered-writer.ts'
import { cutLine } from './cut-line.ts'
import { walErrors } from './errors.ts'
import { flushAtExit } from './exit-flush.ts'
import { createFsyncWriter } from './fsync-writer.ts'
import { createLineWriter } from './line-writer.ts'
import { Sealer } from './seals.ts'
import { sealPath, SegmentLog, type Segment } from './segment-log.ts'
import type { FullPolicy, SpoolOptions } from './spool-options.ts'
import type { Durability, SpoolWriter, WriteOutcome } from './spool-writer.ts'

/** Lines that were not taken or not kept, by the reason. */
export interface SpoolLosses {
  /** The spool was full. */
  full: number
  /** The disk did not take them. */
  failed: number
}

/** A place in the log. */
export interface SpoolMark {
  /** Of the next line. */
  readonly sequence: number
  readonly segment: Segment | undefined
  readonly size: number
}

const gibibyte = 2 ** 30
const mebibyte = 2 ** 20
const largestSegment = 2 ** 31
/** A caller that waits for room looks again after this, should nobody wake it. */
const roomInterval = 1_000
const claimInterval = 1_000

/** Where the lines of this process wait, and the folders that it has adopted. It does nothing before its first line. */
export class Spool {
  readonly spool: string
  readonly durability: Durability
  readonly maxSpool: number
  readonly disk: Disk
  readonly clock: Clock
  readonly logger: Logger
  /** The log of this process. */
  readonly log: SegmentLog
  readonly adopted: AdoptedFolder[] = []
  readonly losses: SpoolLosses = { full: 0, failed: 0 }
  /** Lines that were cut because they were too long. */
  cut = 0
  /** Called when lines can be read. */
  onWritten: () => void = () => {}
  readonly #onFull: FullPolicy
  readonly #maxLine: number
  readonly #adoptAfter: number
  readonly #writer: SpoolWriter
  readonly #sealer: Sealer
  readonly #waitingForRoom = new Set<() => void>()
  #lock: DiskLock | undefined
  #claim: Promise<void> | undefined
  #forget: (() => void) | undefined
  #closed = false
  #dropping: Promise<unknown> | undefined
  #sealing: Promise<void> = Promise.resolve()
  #adopting: Promise<AdoptedFolder[]> | undefined
  #warnedAt = -Infinity

  constructor(options: SpoolOptions) {
    const { spool, durability = 'line', onFull = 'drop-new', maxSpool = gibibyte, maxLine = mebibyte } = options
    this.spool = spool
    this.durability = durability
    this.maxSpool = maxSpool
    this.disk = options.disk ?? systemDisk
    this.clock = options.clock ?? systemClock
    this.logger = options.logger ?? silentLogger
    this.#onFull = onFull
    this.#maxLine = maxLine
    this.#adoptAfter = milliseconds(options.adoptAfter ?? '2s')
    this.#sealer = new Sealer(this.disk)
    const id = folderId(this.clock, options.random ?? systemRandom)
    const segmentBytes = Math.min(options.segmentBytes ?? 8 * mebibyte, Math.max(4_096, maxSpool / 4), largestSegment)
    const { disk, clock } = this
    this.log = new SegmentLog({ disk, clock, spool, id, segmentBytes, isDurable: durability === 'fsync' })
    this.#writer = this.#createWriter(options)
  }

  /** Bytes of all that waits, here and in adopted folders. */
  get bytes(): number {
    return this.log.bytes + this.adopted.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  /** Lines taken so far. */
  get lines(): number {
    return this.log.nextSequence - 1
  }

  /** Takes a line; never throws and never waits. */
  write(line: string | Uint8Array): WriteOutcome {
    if (this.#closed) return this.#lose('failed', 1, walErrors.LOGS_WAL_CLOSED())
    if (this.log.bytes + this.#writer.waitingBytes >= this.maxSpool - this.#adoptedBytes && !this.#makeRoom())
      return this.#lose('full', 1, walErrors.LOGS_WAL_FULL({ folder: this.spool, limit: this.maxSpool }))
    this.#forget ??= this.#begin()
    return this.#writer.write(line.length > this.#maxLine ? this.#cutLine(line) : line)
  }

  /** Takes a line, waits for room with `block`, and with `fsync` until the line is durable. @throws `LOGS_WAL_FULL`, `LOGS_WAL_WRITE_FAILED` */
  async append(line: string | Uint8Array, signal?: AbortSignal): Promise<void> {
    while (this.#onFull === 'block' && !this.#closed && this.bytes + this.#writer.waitingBytes >= this.maxSpool)
      await this.#room(signal)
    signal?.throwIfAborted()
    const { full } = this.losses
    const outcome = this.write(line)
    if (outcome === 'dropped') throw this.#refusal(this.losses.full > full)
    if (outcome === 'held' && this.durability === 'fsync') await this.#flushed()
  }

  /** Resolves when all lines taken before have what the mode promises at best. @throws `LOGS_WAL_WRITE_FAILED` */
  async flush(): Promise<void> {
    await this.#flushed()
  }

  flushSync(): void {
    this.#writer.flushSync()
  }

  /** Where the log is now, to be sealed up to here later. */
  mark(): SpoolMark {
    const segment = this.log.segments.at(-1)
    return { sequence: this.log.nextSequence, segment, size: segment?.size ?? 0 }
  }

  /**
   * Seals what was written in mode `line` until then; the others have their checksums already. Nothing is done for lines
   * that every sink has, those before `delivered`: all of them where sinks are well.
   */
  seal({ sequence, segment: last, size }: SpoolMark = this.mark(), delivered: number = 0): Promise<void> {
    if (this.durability !== 'line') return Promise.resolve()
    this.#sealing = this.#sealing
      .catch(() => {})
      .then(async () => {
        for (const segment of [...this.log.segments]) {
          const until = segment === last ? size : segment.size
          if (delivered >= sequence) this.#sealer.skip(segment, until)
          else await this.#sealSegment(segment, until)
          if (segment === last) return
        }
      })
    return this.#sealing
  }

  async #sealSegment(segment: Segment, until: number): Promise<void> {
    const { segments } = this.log
    if (segments.includes(segment)) await this.#sealer.seal(segment, until)
    // Delivered and removed meanwhile: its seals must not stay behind.
    if (!segments.includes(segment)) await this.disk.removeFile(sealPath(segment.path)).catch(() => {})
  }

  /** Takes over folders of dead processes; gives those that are new. */
  adopt(): Promise<AdoptedFolder[]> {
    return (this.#adopting ??= this.#adoptAll().finally(() => {
      this.#adopting = undefined
    }))
  }

  async #adoptAll(): Promise<AdoptedFolder[]> {
    if (this.#closed) return []
    const { disk, clock, spool } = this
    const except = new Set([this.log.id, ...this.adopted.map(({ id }) => id)])
    const onProblem = (error: unknown): void => this.#warn('A spool folder cannot be adopted.', error)
    const found = await adoptFolders({ disk, clock, spool, except, adoptAfter: this.#adoptAfter, onProblem })
    this.adopted.push(...found)
    return found
  }

  /** Gives an adopted folder up, and removes it when all of it is delivered. */
  async release(folder: AdoptedFolder, delivered: boolean): Promise<void> {
    // Until it is gone it counts as ours, or the next look around would adopt it once more.
    await folder.release(delivered)
    const index = this.adopted.indexOf(folder)
    if (index >= 0) this.adopted.splice(index, 1)
    this.#wakeWaiting()
  }

  /** Removes a segment that every sink has. */
  async removeSegment(source: SegmentLog | AdoptedFolder, segment: Segment): Promise<void> {
    await source.remove(segment)
    this.#wakeWaiting()
  }

  /** Flushes, closes, and leaves the folder to whoever comes next; with `delivered` nothing is left. */
  async close(isDelivered: () => boolean): Promise<void> {
    this.#closed = true
    this.#wakeWaiting()
    await this.#dropping
    await this.#writer.close()
    if (!isDelivered()) await this.seal().catch(() => {})
    this.#forget?.()
    await this.#claim
    await this.#adopting?.catch(() => {})
    for (const folder of [...this.adopted]) await this.release(folder, false)
    if (this.#lock !== undefined && isDelivered()) await this.#removeOwnFolder()
    await this.#lock?.release()
  }

  /** The log is flushed and takes no more, but the files stay open for readers until {@link Spool.close}. */
  async stop(): Promise<void> {
    this.#closed = true
    this.#wakeWaiting()
    await this.#flushed().catch(() => {})
  }

  get #adoptedBytes(): number {
    return this.adopted.length === 0 ? 0 : this.bytes - this.log.bytes
  }

  #createWriter(options: SpoolOptions): SpoolWriter {
    const { clock, log, durability } = this
    const flushInterval = milliseconds(options.flushInterval ?? '10ms')
    const mostWaiting = Math.min(16 * mebibyte, this.maxSpool)
    const events = {
      onWritten: () => this.onWritten(),
      onLost: (lines: number, error: unknown) => void this.#lose('failed', lines, error),
    }
    if (durability === 'line') return createLineWriter(log, events)
    if (durability === 'fsync') return createFsyncWriter(log, events, { clock, flushInterval, mostWaiting })
    const flushBytes = options.flushBytes ?? 65_536
    return createBufferedWriter(log, events, { clock, flushInterval, flushBytes, mostWaiting })
  }

  #cutLine(line: string | Uint8Array): string {
    this.cut++
    return cutLine(line)
  }

  /** With the first line: the folder gets its lock, and the end of the process is watched. */
  #begin(): () => void {
    this.#claim = this.#lockFolder()
    return flushAtExit(() => this.#writer.flushSync(true))
  }

  async #lockFolder(): Promise<void> {
    if (this.#closed) return
    try {
      await this.disk.makeFolder(this.log.folder, { permissions: 0o700 })
      this.#lock = await this.disk.lock(lockPath(this.log.folder))
      if (this.#lock !== undefined) return
      this.#warn('Another process has taken this spool folder over: its lines may arrive twice.', undefined)
    } catch (thrown) {
      this.#warn('The spool folder cannot be locked.', thrown)
    }
    const again = (): void => {
      this.#claim = this.#lockFolder()
    }
    this.clock.setTimer(again, claimInterval, { background: true })
  }

  async #removeOwnFolder(): Promise<void> {
    const { disk, log } = this
    for (const segment of [...log.segments]) await log.remove(segment)
    for await (const { name } of disk.entries(log.folder))
      if (name !== 'lock') await disk.removeFile(`${log.folder}/${name}`).catch(() => {})
    await this.#lock!.release()
    await disk.removeFile(lockPath(log.folder)).catch(() => {})
    await disk.removeFolder(log.folder).catch(() => {})
  }

  /** Room by dropping the oldest; false where the policy is another, or there is nothing to drop. */
  #makeRoom(): boolean {
    if (this.#onFull !== 'drop-oldest') return false
    this.#dropping ??= this.#dropOldest()
      .catch(() => {})
      .finally(() => {
        this.#dropping = undefined
      })
    // Until it is done the spool is over its limit by what comes meanwhile, but never by more than a segment.
    return this.bytes < this.maxSpool * 1.25 + 65_536
  }

  async #dropOldest(): Promise<void> {
    const oldest = this.adopted.find(({ segments }) => segments.length > 0)
    await (oldest ?? this.log).dropOldest()
  }

  async #flushed(): Promise<void> {
    const { failed } = this.losses
    try {
      await this.#writer.flush()
    } catch (cause) {
      const lines = this.losses.failed - failed
      throw walErrors.LOGS_WAL_WRITE_FAILED(
        { folder: this.log.folder, lines, reason: (cause as Error).message },
        { cause },
      )
    }
  }

  #room(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        timer.cancel()
        this.#waitingForRoom.delete(done)
        signal?.removeEventListener('abort', done)
        if (signal?.aborted) reject(signal.reason)
        else resolve()
      }
      const timer = this.clock.setTimer(done, roomInterval)
      this.#waitingForRoom.add(done)
      signal?.addEventListener('abort', done, { once: true })
      if (signal?.aborted) done()
    })
  }

  #wakeWaiting(): void {
    for (const wake of [...this.#waitingForRoom]) wake()
  }

  #refusal(isFull: boolean) {
    if (isFull) return walErrors.LOGS_WAL_FULL({ folder: this.spool, limit: this.maxSpool })
    if (this.#closed) return walErrors.LOGS_WAL_CLOSED()
    return walErrors.LOGS_WAL_WRITE_FAILED({ folder: this.log.folder, lines: 1, reason: 'the disk refused it' })
  }

  #lose(reason: keyof SpoolLosses, lines: number, error: unknown): 'dropped' {
    this.losses[reason] += lines
    this.#warn('Log lines were dropped.', error)
    return 'dropped'
  }

  /** At most one line in ten seconds: a full disk must not fill another one. */
  #warn(message: string, error: unknown): void {
    const now = this.clock.monotonic()
    if (now - this.#warnedAt < 10_000) return
    this.#warnedAt = now
    try {
      this.logger.warn({ err: error, spool: this.spool, dropped: { ...this.losses } }, message)
    } catch {
      // A logger that fails must not take the service with it.
    }
  }
}

/** 32 hexadecimal digits: the millisecond, so that folders sort by their age, and 80 random bits. */
function folderId(clock: Clock, random: Random): string {
  const time = Math.max(0, Math.floor(clock.now())).toString(16).padStart(12, '0').slice(-12)
  return time + toHex(random.bytes(10))
}
