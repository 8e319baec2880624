import { cronError, partOf, type CronText } from './cron-error.ts'
import { fieldRanges, type FieldName } from './field-names.ts'

/**
 * The values of one item of a list: `*`, `5`, `1-5`, a star with a step, `1-30/2`, `5/15` (from 5 to the end), with names where the
 * field has them. Weekdays may wrap (`FRI-MON`); 7 comes back as 0.
 */
export function parseValues(item: CronText): number[] {
  const field = item.field as FieldName
  const range = fieldRanges[field]
  const slash = item.text.indexOf('/')
  const span = partOf(item, 0, slash < 0 ? undefined : slash)
  const step = slash < 0 ? 1 : parseStep(partOf(item, slash + 1), range.max - range.min + 1)
  const [first, last] = parseSpan(span, slash >= 0)
  const values: number[] = []
  for (let value = first; value <= last; value += step) values.push(field === 'day-of-week' ? value % 7 : value)
  return values
}

/** A number or name that the field takes. */
export function parseNumber(item: CronText): number {
  const { min, max, names } = fieldRanges[item.field as FieldName]
  const { text } = item
  const name = names.indexOf(text.toUpperCase())
  if (name >= 0) return name + min
  if (text === '') throw cronError(item, 'a value is missing')
  const kind = names.length === 0 ? 'a number' : 'a number or a name of three letters'
  if (!/^\d{1,4}$/.test(text)) throw cronError(item, `"${text}" is not ${kind}`)
  const value = Number(text)
  if (value < min || value > max) throw cronError(item, `${value} is not between ${min} and ${max}`)
  return value
}

function parseSpan(item: CronText, stepped: boolean): readonly [number, number] {
  const { min, max } = fieldRanges[item.field as FieldName]
  // Sunday must not come twice.
  const end = item.field === 'day-of-week' ? 6 : max
  if (item.text === '*') return [min, end]
  const dash = item.text.indexOf('-')
  if (dash < 0) {
    const value = parseNumber(item)
    return [value, stepped ? Math.max(value, end) : value]
  }
  const first = parseNumber(partOf(item, 0, dash))
  const last = parseNumber(partOf(item, dash + 1))
  if (first <= last) return [first, last]
  if (item.field === 'day-of-week') return [first, last + 7]
  throw cronError(item, `the range ${item.text} runs backwards`)
}

function parseStep(item: CronText, size: number): number {
  if (!/^\d{1,4}$/.test(item.text)) throw cronError(item, `the step "${item.text}" is not a number`)
  const step = Number(item.text)
  if (step < 1 || step > size) throw cronError(item, `the step ${step} is not between 1 and ${size}`)
  return step
}
