import { crc32 } from 'node:zlib'
import { milliseconds, systemClock, type Clock, type Duration } from '@exprsn/core'
import { levelNames, type LevelName } from '../record/level.ts'
import { pipelineErrors } from './errors.ts'
import type { PipelineEvent, PipelineStep } from './step.ts'

/**
 * Lets through what is at least this severe; lines without a level count as `info`.
 *
 * @example
 * ```ts
 * import { createPipeline, atLeast } from '@exprsn/logs'
 *
 * const event = { id: 'a-1', time: 0, level: 'info', fields: { msg: 'hello' } } as const
 * console.log(createPipeline(atLeast('warn')).process(event)?.fields) // undefined
 * ```
 */
export function atLeast(level: LevelName): PipelineStep {
  const least = levelNames.indexOf(level)
  return (event) => (levelNames.indexOf(event.level ?? 'info') >= least ? event : undefined)
}

/**
 * Drops what a test says.
 *
 * @example
 * ```ts
 * import { createPipeline, dropWhen } from '@exprsn/logs'
 *
 * const event = { id: 'a-1', time: 0, level: 'info', fields: { route: '/health' } } as const
 * console.log(createPipeline(dropWhen(({ fields }) => fields.route === '/health')).process(event)?.fields) // undefined
 * ```
 */
export function dropWhen(test: (event: PipelineEvent) => boolean): PipelineStep {
  return (event) => (test(event) ? undefined : event)
}

/** Options of {@link sample}. */
export interface SampleOptions {
  /** The share that is let through, 0 to 1. */
  readonly rate: number
  /** Lines of one key are let through or dropped together, such as those of one trace. @default each line by itself */
  readonly keyOf?: ((event: PipelineEvent) => string | undefined) | undefined
  /** Lines that are let through whatever the draw says. @default warn, error and fatal */
  readonly always?: ((event: PipelineEvent) => boolean) | undefined
}

const severe = new Set<LevelName | undefined>(['warn', 'error', 'fatal'])

/**
 * Head sampling. The draw is a hash of the key or the line's id, so that it is the same in every process and attempt.
 *
 * @throws `LOGS_PIPELINE_OPTION_INVALID`
 *
 * @example
 * ```ts
 * import { createPipeline, sample } from '@exprsn/logs'
 *
 * const event = { id: 'a-1', time: 0, level: 'info', fields: { msg: 'hello' } } as const
 * console.log(createPipeline(sample({ rate: 0 })).process(event)?.fields) // undefined
 * ```
 */
export function sample({ rate, keyOf, always = ({ level }) => severe.has(level) }: SampleOptions): PipelineStep {
  if (!(rate >= 0 && rate <= 1))
    throw pipelineErrors.LOGS_PIPELINE_OPTION_INVALID({ step: 'sample', option: 'rate', value: rate })
  const bound = rate * 2 ** 32
  return (event) => (always(event) || crc32(keyOf?.(event) ?? event.id) < bound ? event : undefined)
}

/** Options of {@link limitPerKey}. */
export interface LimitPerKeyOptions {
  /** What is counted apart. */
  readonly keyOf: (event: PipelineEvent) => string
  /** Lines of a key in one interval. */
  readonly most: number
  /** @default '1m' */
  readonly interval?: Duration | undefined
  /** Keys that are remembered; beyond it the oldest begins anew. @default 10000 */
  readonly mostKeys?: number | undefined
  /** Told about every line that is dropped. @default nobody */
  readonly onDrop?: ((event: PipelineEvent) => void) | undefined
  /** @default systemClock */
  readonly clock?: Clock | undefined
}

/**
 * Lets through the first lines of each key in each interval: one broken loop must not fill the store.
 *
 * @throws `LOGS_PIPELINE_OPTION_INVALID`
 *
 * @example
 * ```ts
 * import { createPipeline, limitPerKey } from '@exprsn/logs'
 *
 * const event = { id: 'a-1', time: 0, level: 'info', fields: { msg: 'hello' } } as const
 * console.log(createPipeline(limitPerKey({ keyOf: ({ fields }) => fields.msg as string, most: 100 })).process(event)?.fields) // { msg: 'hello' }
 * ```
 */
export function limitPerKey(options: LimitPerKeyOptions): PipelineStep {
  const { keyOf, most, interval = '1m', mostKeys = 10_000, onDrop, clock = systemClock } = options
  if (!(most >= 1))
    throw pipelineErrors.LOGS_PIPELINE_OPTION_INVALID({ step: 'limitPerKey', option: 'most', value: most })
  const length = milliseconds(interval)
  const seen = new Map<string, { since: number; count: number }>()
  return (event) => {
    const now = clock.monotonic()
    const key = keyOf(event)
    let known = seen.get(key)
    if (known === undefined || now - known.since >= length) {
      // Taken out and put in again it is the youngest.
      seen.delete(key)
      known = { since: now, count: 0 }
      seen.set(key, known)
      if (seen.size > mostKeys) seen.delete(seen.keys().next().value!)
    }
    if (known.count++ < most) return event
    onDrop?.(event)
    return undefined
  }
}
