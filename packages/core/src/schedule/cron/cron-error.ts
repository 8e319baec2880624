import { scheduleErrors } from '../errors.ts'
import type { FieldName } from './field-names.ts'

/** A part of an expression, and where it begins in it. */
export interface CronText {
  readonly expression: string
  readonly field: FieldName | 'expression'
  readonly text: string
  /** Characters before it. */
  readonly offset: number
}

/** The error for a part of an expression that cannot be used. */
export function cronError({ expression, field, offset }: CronText, reason: string): Error {
  return scheduleErrors.CORE_SCHEDULE_CRON({ expression, reason, field, offset })
}

/** The same text from one of its characters on, for an error or a part. */
export function partOf(whole: CronText, start: number, end = whole.text.length): CronText {
  return { ...whole, text: whole.text.slice(start, end), offset: whole.offset + start }
}

/** The parts between separators. */
export function splitParts(whole: CronText, separator: string): CronText[] {
  const parts: CronText[] = []
  let start = 0
  for (const text of whole.text.split(separator)) {
    parts.push({ ...whole, text, offset: whole.offset + start })
    start += text.length + separator.length
  }
  return parts
}
