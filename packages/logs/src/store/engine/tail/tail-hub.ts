import { LineView } from '../../line/line-view.ts'
import { matchesLine, type CompiledFilter } from '../../query/compile-filter.ts'
import { LineRun } from '../../tail/line-run.ts'
import { tailBatch, type TailBatch } from '../../tail/tail-batch.ts'

/** One that follows a tail. */
interface Reader {
  readonly key: string
  readonly filter: CompiledFilter
  readonly most: number
  runs: LineRun[]
  /** Lines in the runs. */
  count: number
  /** Bytes in them. */
  size: number
  dropped: number
  wake: (() => void) | undefined
}

/** Bytes of lines that wait for a reader, however few lines they are: no more are taken beyond. */
const mostBytes = 64 * 2 ** 20

/** Passes lines on to those who follow. A question that several ask is answered once. */
export class TailHub {
  readonly #readers = new Set<Reader>()
  /** Made with the first line that somebody follows: it takes a megabyte. */
  #view: LineView | undefined
  #isClosed = false

  /** Whether anybody follows. */
  get isNeeded(): boolean {
    return this.#readers.size > 0
  }

  /** Passes lines on. Their bytes may change afterwards. */
  publish(lines: LineRun): void {
    if (lines.count === 0) return
    const byKey = new Map<string, Reader[]>()
    for (const reader of this.#readers) byKey.set(reader.key, [...(byKey.get(reader.key) ?? []), reader])
    const questions = [...byKey.values()].map((readers) => ({ readers, found: new LineRun() }))
    const view = (this.#view ??= new LineView())
    lines.forEach((bytes, start, end, time, sequence) => {
      view.show(bytes, start, end)
      for (const { readers, found } of questions)
        if (matchesLine(readers[0]!.filter, view, time)) found.add(bytes, start, end, time, sequence)
    })
    for (const { readers, found } of questions) {
      if (found.count === 0) continue
      // Lines that nobody wants are not held by those that wait.
      const kept = found.copied()
      for (const reader of readers) offer(reader, kept)
    }
  }

  /**
   * Follows until the signal aborts or the hub is closed; the first batch is empty and says that it does. Readers with the
   * same key have the same filter.
   */
  async *follow(key: string, filter: CompiledFilter, most: number, signal?: AbortSignal): AsyncGenerator<TailBatch> {
    const reader: Reader = { key, filter, most, runs: [], count: 0, size: 0, dropped: 0, wake: undefined }
    this.#readers.add(reader)
    const onAbort = (): void => reader.wake?.()
    signal?.addEventListener('abort', onAbort)
    try {
      yield tailBatch([], 0)
      while (!this.#isClosed && !signal?.aborted) {
        if (reader.count === 0 && reader.dropped === 0)
          await new Promise<void>((resolve) => {
            reader.wake = resolve
          })
        reader.wake = undefined
        const { runs, count, dropped } = reader
        reader.runs = []
        reader.count = 0
        reader.size = 0
        reader.dropped = 0
        if (count > 0 || dropped > 0) yield tailBatch(runs, dropped)
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

function offer(reader: Reader, run: LineRun): void {
  // Once a line is left out, those after it are too until the reader comes: what is missing is in one place.
  const isFull = reader.dropped > 0 || reader.size > mostBytes
  const room = isFull ? 0 : Math.min(run.count, reader.most - reader.count)
  const taken = room < run.count ? run.first(room) : run
  reader.runs.push(taken)
  reader.count += room
  reader.size += taken.size
  reader.dropped += run.count - room
  reader.wake?.()
}
