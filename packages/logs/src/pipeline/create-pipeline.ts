import { milliseconds } from '@exprsn/core'
import { createRecord, type LogRecord } from '../record/log-record.ts'
import type { Sink } from '../sink/sink.ts'
import type { PipelineEvent, PipelineStep } from './step.ts'

/** What came of lines in a {@link Pipeline}. */
export interface PipelineCounts {
  /** Lines that went in. */
  readonly seen: number
  /** Lines that a step dropped. */
  readonly dropped: number
  /** Steps that threw and were passed over, and lines that went without their fields because a step had spoiled them. */
  readonly failed: number
}

/** Steps that lines go through on their way to a sink. */
export interface Pipeline {
  /** One line through all steps; undefined when one of them drops it. A step that throws is passed over. */
  process(event: PipelineEvent): PipelineEvent | undefined
  /** A sink that gets what the steps leave. Dropped lines count as delivered. Lines keep their ids. */
  into(sink: Sink): Sink
  readonly counts: PipelineCounts
}

/**
 * Puts steps in a row. A pipeline stands before one sink and changes what that sink gets, nothing else: the spool keeps the
 * lines as they were logged, so that a step that is wrong today can be put right before they are sent.
 *
 * @example
 * ```ts
 * import { atLeast, createPipeline, createShipper, mask, memorySink, rename } from '@exprsn/logs'
 *
 * const sink = memorySink()
 * const pipeline = createPipeline(atLeast('warn'), rename({ msg: 'message' }), mask())
 * const shipper = createShipper({ sinks: [pipeline.into(sink)], spool: './data/spool' })
 * shipper.write('{"level":50,"msg":"refused 4111 1111 1111 1111"}')
 * shipper.write('{"level":30,"msg":"fine"}')
 * await shipper.close()
 * console.log(sink.records.map(({ text }) => text)) // [ '{"level":50,"message":"refused [card …1111]"}' ]
 * ```
 */
export function createPipeline(...steps: readonly PipelineStep[]): Pipeline {
  const counts = { seen: 0, dropped: 0, failed: 0 }

  function process(event: PipelineEvent): PipelineEvent | undefined {
    counts.seen++
    let current: PipelineEvent | undefined = event
    for (const step of steps) {
      try {
        current = step(current)
      } catch {
        counts.failed++
      }
      if (current === undefined) {
        counts.dropped++
        return undefined
      }
    }
    return current
  }

  function recordOf(record: LogRecord, event: PipelineEvent): LogRecord | undefined {
    const { id, time, level } = record
    const processed = process(event)
    if (processed === undefined || processed === event) return processed && record
    try {
      return createRecord({ id, bytes: Buffer.from(JSON.stringify(processed.fields)), fallbackTime: time })
    } catch {
      // A step made what JSON cannot say. The line itself may hold what a step has masked: it goes without its fields.
      counts.failed++
      const replacement = { level, time, msg: '[a step made fields that are no JSON]' }
      return createRecord({ id, bytes: Buffer.from(JSON.stringify(replacement)), fallbackTime: time })
    }
  }

  function look(events: readonly PipelineEvent[]): void {
    for (const step of steps) {
      try {
        step.look?.(events)
      } catch {
        counts.failed++
      }
    }
  }

  return {
    process,
    counts,
    into: (sink) => ({
      ...sink,
      linger: Math.max(milliseconds(sink.linger ?? 0), ...steps.map(({ window = 0 }) => milliseconds(window))),
      ...(sink.prepare && { prepare: (context) => sink.prepare!(context) }),
      ...(sink.close && { close: () => sink.close!() }),
      async send(batch, context) {
        const places: number[] = []
        const events = batch.records.map(({ id, time, level, fields }) => ({ id, time, level, fields }))
        look(events)
        const records = batch.records.flatMap((record, index) => {
          const processed = recordOf(record, events[index]!)
          if (processed !== undefined) places.push(index)
          return processed ?? []
        })
        if (records.length === 0) return undefined
        const outcome = await sink.send({ ...batch, records }, context)
        return {
          ...outcome,
          retry: outcome?.retry?.map((index) => places[index]!),
          rejected: outcome?.rejected?.map(({ index, reason }) => ({ index: places[index]!, reason })),
        }
      },
    }),
  }
}
