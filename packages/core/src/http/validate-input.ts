import { coerceText } from '../config/coerce-text.ts'
import type { SchemaIssue, StandardSchema } from '../config/standard-schema.ts'
import { bareSchema, isZodSchema, objectShape, type ZodSchema } from '../config/zod-schema.ts'
import { httpErrors } from './errors.ts'
import type { FormValues } from './form-values.ts'
import type { InputIssue } from './problem.ts'

type Place = InputIssue['in']

const mostIssues = 50

/** Checks one part of a request; what is wrong goes to `issues`. */
export type InputCheck = (value: unknown, issues: InputIssue[]) => unknown

/**
 * A check against a schema. Text of paths and queries becomes what a zod schema wants there: numbers, booleans, dates,
 * lists; with a schema of another library it stays text.
 */
export function inputCheck(place: Place, schema: StandardSchema, textual: boolean): InputCheck {
  const shape = textual && isZodSchema(schema) ? objectShape(schema) : undefined
  const fields = shape === undefined ? undefined : new Map(Object.entries(shape))
  const { validate } = schema['~standard']
  return (value, issues) => {
    const input = fields === undefined ? value : coerceFields(value as FormValues, fields)
    const settle = (result: Awaited<ReturnType<typeof validate>>): unknown => {
      if (result.issues === undefined) return result.value
      for (const issue of result.issues.slice(0, mostIssues)) issues.push(describeIssue(place, issue))
      return undefined
    }
    const result = validate(input)
    return result instanceof Promise ? result.then(settle) : settle(result)
  }
}

/** @throws `CORE_HTTP_INPUT_INVALID`, whose details carry the issues. */
export function refuseIssues(issues: readonly InputIssue[]): void {
  if (issues.length === 0) return
  throw httpErrors.CORE_HTTP_INPUT_INVALID({ count: issues.length, errors: issues })
}

function coerceFields(values: FormValues, fields: ReadonlyMap<string, ZodSchema>): Record<string, unknown> {
  const coerced: Record<string, unknown> = Object.create(null)
  for (const name of Object.keys(values)) {
    const value = values[name]!
    const schema = fields.get(name)
    coerced[name] = schema === undefined ? value : coerceValue(value, schema)
  }
  return coerced
}

function coerceValue(value: string | readonly string[], schema: ZodSchema): unknown {
  const { def } = bareSchema(schema)._zod
  if (def.type !== 'array') return typeof value === 'string' ? coerceText(value, schema) : value
  const items = typeof value === 'string' ? [value] : value
  const { element } = def
  return element === undefined ? items : items.map((item) => coerceText(item, element))
}

function describeIssue(place: Place, { path = [], message }: SchemaIssue): InputIssue {
  const keys = path.map((part) => String(typeof part === 'object' ? part.key : part))
  return { in: place, pointer: `#${keys.map(pointerPart).join('')}`, detail: message }
}

/** RFC 6901 §3 and §6: escaped for the pointer first, for the fragment second. Through UTF-8, which repairs halves of characters. */
function pointerPart(key: string): string {
  return `/${encodeURIComponent(Buffer.from(key.replaceAll('~', '~0').replaceAll('/', '~1')).toString())}`
}
