import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import type { Disk } from '../disk/disk.ts'
import { readFile } from '../disk/read-file.ts'
import { systemDisk } from '../disk/system-disk.ts'
import { silentLogger, type Logger } from '../logger/logger.ts'
import type { AppendOptions, AuditLog } from './audit-log.ts'
import { signCheckpoint, type AuditCheckpoint, type AuditSigner } from './checkpoint.ts'
import { auditErrors } from './errors.ts'
import { encodeLine, linesOf } from './file-lines.ts'
import { proveInclusion } from './inclusion.ts'
import { openAuditFile, type OpenAuditFile } from './open-audit-file.ts'
import { linkEvent, type AuditEvent, type AuditHead } from './record.ts'
import { verifyAudit, type AuditEntry, type VerifyAuditOptions } from './verify-audit.ts'

/** Options of {@link fileAudit}. */
export interface FileAuditOptions {
  /** Of the file, made when missing; its folder must be there. Beside it stand `<path>.lock` and, after a crash, `<path>.torn`. */
  readonly path: string
  /** Signs checkpoints. @default none: checkpoint() throws */
  readonly signer?: AuditSigner | undefined
  /** @default systemDisk */
  readonly disk?: Disk | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
  /** Told when a torn write was cut off. @default silentLogger */
  readonly logger?: Logger | undefined
}

/**
 * An audit log in a file: one line of JSON per write, each line a list of entries. Appends that come together share one
 * write and one sync. Nothing is opened before the first append; reading needs no lock.
 *
 * @throws `CORE_AUDIT_LOCKED` and `CORE_AUDIT_DAMAGED` at the first append.
 * @example
 * ```ts
 * import { fileAudit } from '@exprsn/core/audit'
 * import { makeTemporaryFolder, removeTree, systemDisk } from '@exprsn/core/disk'
 *
 * const folder = await makeTemporaryFolder(systemDisk)
 * await using audit = fileAudit({ path: `${folder}/audit.log` })
 * await audit.append({ action: 'user.deleted', actor: 'ann', subject: 'user 17' })
 * console.log((await audit.verify()).ok) // true
 * await audit.close()
 * await removeTree(systemDisk, folder)
 * ```
 */
export function fileAudit(options: FileAuditOptions): AuditLog {
  return new FileAudit(options)
}

/** One thing to write: gives its entry once it is known what stands before it. */
interface Work {
  readonly make: (opened: OpenAuditFile) => AuditEntry
  readonly resolve: (entry: AuditEntry) => void
  readonly reject: (error: unknown) => void
}

class FileAudit implements AuditLog {
  readonly #path: string
  readonly #signer: AuditSigner | undefined
  readonly #disk: Disk
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #waiting: Work[] = []
  #writing: Promise<void> | undefined
  #opened: OpenAuditFile | undefined
  #closed = false

  constructor({ path, signer, disk = systemDisk, clock = systemClock, logger = silentLogger }: FileAuditOptions) {
    this.#path = path
    this.#signer = signer
    this.#disk = disk
    this.#clock = clock
    this.#logger = logger
  }

  async append(event: AuditEvent, { signal }: AppendOptions = {}): Promise<AuditHead> {
    signal?.throwIfAborted()
    let head: AuditHead | undefined
    await this.#write((opened) => {
      const record = linkEvent(event, opened.head, this.#clock.now())
      head = opened.head = { sequence: opened.head.sequence + 1, hash: record.hash }
      opened.frontier.add(Buffer.from(record.hash, 'hex'))
      return record
    })
    return head!
  }

  async checkpoint(): Promise<AuditCheckpoint> {
    const signer = this.#signer
    if (signer === undefined) throw auditErrors.CORE_AUDIT_SIGNER_MISSING()
    const entry = await this.#write(({ frontier, head }) =>
      signCheckpoint(signer, head.sequence, frontier.root().toString('hex'), this.#clock.now()),
    )
    return entry as AuditCheckpoint
  }

  verify(options?: VerifyAuditOptions) {
    return verifyAudit(this.entries(), options)
  }

  prove(sequence: number, checkpoint: AuditCheckpoint) {
    return proveInclusion(this.entries(), sequence, checkpoint)
  }

  async *entries(): AsyncGenerator<AuditEntry> {
    for (const { entries, torn } of linesOf(await readFile(this.#disk, this.#path))) {
      if (torn) return
      // A line that no append has written stands for a record without a right hash.
      yield* entries ?? [{ type: 'record', text: '', hash: '' }]
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#writing
    await this.#release()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #write(make: Work['make']): Promise<AuditEntry> {
    if (this.#closed) return Promise.reject(auditErrors.CORE_AUDIT_CLOSED())
    return new Promise((resolve, reject) => {
      this.#waiting.push({ make, resolve, reject })
      this.#writing ??= this.#writeAll()
    })
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      try {
        this.#opened ??= await openAuditFile(this.#disk, this.#path, this.#logger)
      } catch (error) {
        for (const { reject } of this.#waiting.splice(0)) reject(error)
        break
      }
      await this.#writeBatch(this.#opened, this.#waiting.splice(0))
    }
    // In the same step as the look at the queue: what comes now must start the next run.
    this.#writing = undefined
  }

  /** One line, one sync; only then is anyone told. After a failure the file is read again before the next write. */
  async #writeBatch(opened: OpenAuditFile, batch: readonly Work[]): Promise<void> {
    const made: { readonly work: Work; readonly entry: AuditEntry }[] = []
    for (const work of batch) {
      try {
        made.push({ work, entry: work.make(opened) })
      } catch (error) {
        work.reject(error)
      }
    }
    if (made.length === 0) return
    try {
      const line = encodeLine(made.map(({ entry }) => entry))
      await opened.file.write(line, opened.end)
      await opened.file.fdatasync()
      opened.end += line.length
    } catch (error) {
      await this.#release().catch(() => {})
      for (const { work } of made) work.reject(error)
      return
    }
    for (const { work, entry } of made) work.resolve(entry)
  }

  async #release(): Promise<void> {
    const opened = this.#opened
    this.#opened = undefined
    await opened?.file.close()
    await opened?.lock.release()
  }
}
