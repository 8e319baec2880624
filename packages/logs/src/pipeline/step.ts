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
export type PipelineStep = (event: PipelineEvent) => PipelineEvent | undefined

/** An event with other fields. A key of any name is a field, also `__proto__`. */
export function withFields(event: PipelineEvent, entries: Iterable<readonly [string, unknown]>): PipelineEvent {
  const fields: Record<string, unknown> = {}
  for (const [key, value] of entries)
    Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true })
  return { ...event, fields }
}
