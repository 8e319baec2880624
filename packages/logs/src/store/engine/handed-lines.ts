import { ExprsnError, type Logger } from '@exprsn/core'
import { isDiskError } from '@exprsn/core/disk'
import type { LogRecord } from '../../record/log-record.ts'
import { storeErrors } from '../errors.ts'
import type { HandedLine, HandOver } from '../files/hand-over.ts'
import type { Manifest } from '../files/manifest.ts'
import { placeOf } from './place-of.ts'

/**
 * Lines on their way from processes that do not write to the one that does, seen from both sides. A line is acknowledged when
 * it is durable in a file of its own process; the writer reads it into memory, and removes the file when a segment has the
 * line and the manifest names both: after a crash it is read again or known to be there.
 */
export class HandedLines {
  /** Files whose lines are in memory and in no segment. */
  readonly adopted: Set<string> = new Set()
  readonly #files: HandOver
  readonly #logger: Logger
  /** Files that are gone for good. */
  #gone = new Set<string>()
  /** Per source, the sequence of the next line that this process has not handed over. */
  readonly #marks = new Map<string, number>()

  constructor(files: HandOver, logger: Logger) {
    this.#files = files
    this.#logger = logger
  }

  /** The process has become the writer: from now on places are those of segments and memory. */
  begin(): void {
    this.adopted.clear()
    this.#marks.clear()
  }

  /** Hands over lines that were appended. */
  append(lines: readonly HandedLine[]): Promise<void> {
    return this.#files.write(lines)
  }

  /** Hands over lines of a spool, those excepted that it gave before. */
  async write(records: readonly LogRecord[]): Promise<void> {
    const marks = new Map<string, number>()
    const lines: HandedLine[] = []
    for (const record of records) {
      const { source, sequence } = placeOf(record.id)
      if (sequence < (marks.get(source) ?? this.#marks.get(source) ?? 1)) continue
      marks.set(source, sequence + 1)
      lines.push({ bytes: record.bytes, time: record.time, source, sequence })
    }
    if (lines.length === 0) return
    await this.#files.write(lines)
    for (const [source, mark] of marks) this.#marks.set(source, mark)
  }

  /**
   * Sequence of the first line of a source that was not handed over. Another process may have done so before it died: then
   * the writer has to take that first, so that the lines of a source come in their order.
   *
   * @throws `LOGS_STORE_HAND_OVER_PENDING`
   */
  async positionOf(source: string, readManifest: () => Promise<Manifest>): Promise<number> {
    const known = this.#marks.get(source)
    if (known !== undefined) return known
    // Before the manifest: what is gone from here by then is in it.
    const names = await this.#files.list()
    const { places, handedOver = [] } = await readManifest()
    for (const name of names) {
      if (handedOver.includes(name)) continue
      const lines = await this.#files.read(name).catch((error: unknown) => {
        if (isDiskError(error, 'CORE_DISK_NOT_FOUND')) throw storeErrors.LOGS_STORE_HAND_OVER_PENDING({ source })
        if (isDamage(error)) return []
        throw error
      })
      if (lines.some((line) => line.source === source)) throw storeErrors.LOGS_STORE_HAND_OVER_PENDING({ source })
    }
    const mark = places[source] ?? 1
    this.#marks.set(source, mark)
    return mark
  }

  /** Files that the writer has not read. */
  async waiting(inSegments: readonly string[] = []): Promise<string[]> {
    const names = await this.#files.list()
    return names.filter((name) => !this.adopted.has(name) && !inSegments.includes(name))
  }

  /** The lines of a file; none of one that is damaged, which is kept aside. */
  async read(name: string): Promise<HandedLine[]> {
    try {
      return await this.#files.read(name)
    } catch (error) {
      if (!isDamage(error)) throw error
      this.#logger.error({ err: error }, 'Lines that were handed over cannot be read.')
      await this.#files.setAside(name)
      return []
    }
  }

  /** Those of some files that may still be there. */
  left(names: readonly string[]): string[] {
    this.#gone = new Set(names.filter((name) => this.#gone.has(name)))
    return names.filter((name) => !this.#gone.has(name))
  }

  /** Removes files whose lines are in segments. What cannot be removed is tried again by the next opening. */
  async forget(names: readonly string[]): Promise<void> {
    for (const name of names) this.adopted.delete(name)
    if (names.length === 0) return
    try {
      await this.#files.remove(names)
      for (const name of names) this.#gone.add(name)
    } catch (error) {
      this.#logger.warn({ err: error }, 'Lines that were handed over were not removed.')
    }
  }
}

function isDamage(error: unknown): boolean {
  return ExprsnError.is(error) && error.code === 'LOGS_STORE_HAND_OVER_DAMAGED'
}
