import type { LogRecord } from '../record/log-record.ts'
import type { Sink } from '../sink/sink.ts'

/** Options of {@link memorySink}. */
export interface MemorySinkOptions {
  /** @default 'memory' */
  readonly name?: string | undefined
  /** The most lines that are kept; older ones are forgotten. @default 100000 */
  readonly limit?: number | undefined
}

/** A sink that keeps lines in memory. */
export interface MemorySink extends Sink {
  /** Lines in the order they came, each once. */
  readonly records: readonly LogRecord[]
}

/**
 * Keeps the last lines in memory, for tests and for a page that shows them.
 *
 * @example
 * ```ts
 * import { createRecord, memorySink } from '@exprsn/logs'
 *
 * const sink = memorySink()
 * const records = [createRecord({ id: '1', bytes: Buffer.from('hello'), fallbackTime: 0 })]
 * await sink.send({ id: '1+1', records }, { signal: AbortSignal.timeout(1_000), attempt: 1 })
 * console.log(sink.records[0]?.text) // hello
 * ```
 */
export function memorySink({ name = 'memory', limit = 100_000 }: MemorySinkOptions = {}): MemorySink {
  const kept = new Map<string, LogRecord>()
  return {
    name,
    get records() {
      return [...kept.values()]
    },
    async send({ records }) {
      for (const record of records) {
        kept.set(record.id, record)
        if (kept.size > limit) kept.delete(kept.keys().next().value!)
      }
    },
  }
}
