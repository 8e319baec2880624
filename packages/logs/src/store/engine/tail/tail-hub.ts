import type { TailBatch } from '../../files/tail-files.ts'
import { readLine, type LineValue } from '../../line/read-line.ts'
import { lineOf, type LogLine } from '../../query/collect-lines.ts'
import { matchesLine, type CompiledFilter } from '../../query/compile-filter.ts'

/** Lines that came just now, one of them. */
export interface ArrivedLine {
  readonly bytes: Uint8Array
  readonly time: number
  readonly sequence: number
}

/** One that follows a tail. */
interface Reader {
  readonly key: string
  readonly filter: CompiledFilter
  readonly most: number
  lines: LogLine[]
  dropped: number
  wake: (() => void) | undefined
}

/** Passes lines on to those who follow. A question that several ask is answered once. */
export class TailHub {
  readonly #readers = new Set<Reader>()
  #isClosed = false

  /** Whether anybody follows. */
  get isNeeded(): boolean {
    return this.#readers.size > 0
  }

  /** Passes lines on. Their bytes are kept: they must not change afterwards. */
  publish(lines: readonly ArrivedLine[]): void {
    const byKey = new Map<string, Reader[]>()
    for (const reader of this.#readers) byKey.set(reader.key, [...(byKey.get(reader.key) ?? []), reader])
    for (const line of lines) {
      let values: LineValue[] | undefined
      let made: LogLine | undefined
      for (const readers of byKey.values()) {
        if (!matchesLine(readers[0]!.filter, (values ??= readLine(line.bytes)), line.time)) continue
        made ??= lineOf(line, line.bytes)
        for (const reader of readers) {
          if (reader.lines.length >= reader.most) reader.dropped++
          else reader.lines.push(made)
          reader.wake?.()
        }
      }
    }
  }

  /** Follows until the signal aborts or the hub is closed. Readers with the same key have the same filter. */
  async *follow(key: string, filter: CompiledFilter, most: number, signal?: AbortSignal): AsyncGenerator<TailBatch> {
    const reader: Reader = { key, filter, most, lines: [], dropped: 0, wake: undefined }
    this.#readers.add(reader)
    const onAbort = (): void => reader.wake?.()
    signal?.addEventListener('abort', onAbort)
    try {
      while (!this.#isClosed && !signal?.aborted) {
        if (reader.lines.length === 0 && reader.dropped === 0)
          await new Promise<void>((resolve) => {
            reader.wake = resolve
          })
        reader.wake = undefined
        const { lines, dropped } = reader
        reader.lines = []
        reader.dropped = 0
        if (lines.length > 0 || dropped > 0) yield { lines, dropped }
      }
    } finally {
      signal?.removeEventListener('abort', onAbort)
      this.#readers.delete(reader)
    }
  }

  /** Ends all tails. */
  close(): void {
    this.#isClosed = true
    for (const reader of this.#readers) reader.wake?.()
  }
}
