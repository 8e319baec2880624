import type { Duration } from '@exprsn/core'
import type { LevelName } from '../record/level.ts'

/** A line on its way through a pipeline. */
export interface PipelineEvent {
  /** The same for the same line in every attempt: chance is drawn from it. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly time: number
  readonly level: LevelName | undefined
  readonly fields: Readonly<Record<string, unknown>>
}

/** Gives the line on, changed or not; undefined drops it. */
export interface PipelineStep {
  (event: PipelineEvent): PipelineEvent | undefined
  /** Sees all lines of a batch, as they were logged, before any of them goes through the steps. */
  readonly look?: ((events: readonly PipelineEvent[]) => void) | undefined
  /** How long lines should wait for others of their kind. @default 0 */
  readonly window?: Duration | undefined
}

/** An event with other fields. A key of any name is a field, also `__proto__`. */
export function withFields(event: PipelineEvent, entries: Iterable<readonly [string, unknown]>): PipelineEvent {
  const fields: Record<string, unknown> = {}
  for (const [key, value] of entries)
    Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true })
  return { ...event, fields }
}
