import { bareSchema, members, type ZodSchema } from './zod-schema.ts'

const numberText = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const integerText = /^[+-]?\d+$/
const truthy = /^(true|yes|on|1)$/i
const falsy = /^(false|no|off|0)$/i

/**
 * The text of an environment variable as the type that the schema wants there: numbers, booleans (`true`/`false`,
 * `yes`/`no`, `on`/`off`, `1`/`0`), bigints, dates, lists (JSON, or items between commas) and objects (JSON).
 * Text that does not look like the type stays as it is, and the schema then says what it expected.
 */
export function coerceText(text: string, schema: ZodSchema): unknown {
  const { def } = bareSchema(schema)._zod
  const trimmed = text.trim()
  switch (def.type) {
    case 'number':
      return numberText.test(trimmed) ? Number(trimmed) : text
    case 'bigint':
      return integerText.test(trimmed) ? BigInt(trimmed.replace('+', '')) : text
    case 'boolean':
      return truthy.test(trimmed) ? true : falsy.test(trimmed) ? false : text
    case 'date':
      return Number.isNaN(Date.parse(trimmed)) ? text : new Date(trimmed)
    case 'null':
      return trimmed === 'null' ? null : text
    case 'literal':
      return def.values?.find((value) => String(value) === trimmed) ?? text
    case 'array':
      return coerceList(text, def.element)
    case 'object':
    case 'record':
    case 'tuple':
    case 'intersection':
      return parseJson(trimmed) ?? text
    case 'union':
      return coerceUnion(text, members(schema))
    default:
      return text
  }
}

/** Whether an empty variable can mean anything but "not set" there. */
export function acceptsEmptyText(schema: ZodSchema): boolean {
  const type = bareSchema(schema)._zod.def.type
  return type === 'string' || type === 'array' || members(schema).some(acceptsEmptyText)
}

function coerceList(text: string, element: ZodSchema | undefined): unknown {
  const trimmed = text.trim()
  if (trimmed === '') return []
  if (trimmed.startsWith('[')) return parseJson(trimmed) ?? text
  const items = trimmed.split(',').map((item) => item.trim())
  return element === undefined ? items : items.map((item) => coerceText(item, element))
}

/** The first member that accepts the text decides: in `number | string`, `'5'` is a number. */
function coerceUnion(text: string, options: readonly ZodSchema[]): unknown {
  for (const option of options) {
    const value = coerceText(text, option)
    const result = option['~standard'].validate(value)
    if (typeof result === 'object' && result !== null && !('issues' in result && result.issues)) return value
  }
  return text
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
