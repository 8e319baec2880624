import { crc32 } from 'node:zlib'
import type { Duration } from '@exprsn/core'
import type { LevelName } from '../record/level.ts'
import { pipelineErrors } from './errors.ts'
import type { PipelineEvent, PipelineStep } from './step.ts'

/** Options of {@link tailSample}. */
export interface TailSampleOptions {
  /** What belongs together, such as a trace; lines without a key are let through. */
  readonly keyOf: (event: PipelineEvent) => string | undefined
  /** What makes all lines of a key worth keeping. @default warn, error and fatal */
  readonly keep?: ((event: PipelineEvent) => boolean) | undefined
  /** The share of all other keys that is let through, 0 to 1. @default 0 */
  readonly rate?: number | undefined
  /** How long lines wait in the spool, so that those of a key are seen together. @default '5s' */
  readonly window?: Duration | undefined
  /** Keys that are remembered as worth keeping; beyond it the oldest is forgotten. @default 10000 */
  readonly mostKeys?: number | undefined
}

const severe = new Set<LevelName | undefined>(['warn', 'error', 'fatal'])

/**
 * Tail sampling: of a trace in which something went wrong all lines are kept, also those before it; of the others a share.
 * The lines wait in the write-ahead log, not in memory, so that a crash costs none. What is decided together is what the
 * sink is given together: the lines of one window, as far as a batch of the sink holds them. A key that was worth keeping
 * once stays so for what comes later.
 *
 * @throws `LOGS_PIPELINE_OPTION_INVALID`
 *
 * @example
 * ```ts
 * import { createPipeline, createShipper, memorySink, tailSample } from '@exprsn/logs'
 *
 * const sink = memorySink()
 * const pipeline = createPipeline(tailSample({ keyOf: ({ fields }) => fields.traceId as string, window: 0 }))
 * const shipper = createShipper({ sinks: [pipeline.into(sink)], spool: './data/spool' })
 * shipper.write('{"level":30,"traceId":"a","msg":"before"}')
 * shipper.write('{"level":30,"traceId":"b","msg":"nothing special"}')
 * shipper.write('{"level":50,"traceId":"a","msg":"it failed"}')
 * await shipper.close()
 * console.log(sink.records.map(({ fields }) => fields.msg)) // [ 'before', 'it failed' ]
 * ```
 */
export function tailSample(options: TailSampleOptions): PipelineStep {
  const { keyOf, keep = ({ level }) => severe.has(level), rate = 0, window = '5s', mostKeys = 10_000 } = options
  if (!(rate >= 0 && rate <= 1))
    throw pipelineErrors.LOGS_PIPELINE_OPTION_INVALID({ step: 'tailSample', option: 'rate', value: rate })
  if (!(mostKeys >= 1))
    throw pipelineErrors.LOGS_PIPELINE_OPTION_INVALID({ step: 'tailSample', option: 'mostKeys', value: mostKeys })
  const bound = rate * 2 ** 32
  const kept = new Set<string>()

  function look(events: readonly PipelineEvent[]): void {
    for (const event of events) {
      const key = keep(event) ? keyOf(event) : undefined
      if (key === undefined) continue
      // Taken out and put in again it is the youngest.
      kept.delete(key)
      kept.add(key)
    }
    // Only between batches: what was seen together is decided together, however many keys there are.
    for (const key of kept) {
      if (kept.size <= Math.max(mostKeys, events.length)) break
      kept.delete(key)
    }
  }

  const step = (event: PipelineEvent): PipelineEvent | undefined => {
    const key = keyOf(event)
    return key === undefined || kept.has(key) || keep(event) || crc32(key) < bound ? event : undefined
  }
  return Object.assign(step, { look, window })
}
