const secretName =
  /pass(word|phrase|wd)|secret|token|authori[sz]ation|cookie|credential|api[-_]?key|private[-_]?key|signature/i
const credentialsInUrl = /([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s/]*@/gi
const mask = '[redacted]'

/** Marks values that never print: every copy of `Secret` (from `@exprsn/core/config`) carries it. */
export const secretBrand: unique symbol = Symbol.for('@exprsn/secret')
const maximumDepth = 6

/**
 * A copy of plain data in which the values of secret-looking fields and the passwords inside URLs are masked.
 * Bytes become their length, cycles and deep nesting are cut, so that the result is always safe and small to log.
 */
export function redact(value: unknown): unknown {
  return redactAt(value, 0, new Set())
}

function redactAt(value: unknown, depth: number, ancestors: Set<object>): unknown {
  if (typeof value === 'string') return value.replace(credentialsInUrl, `$1:${mask}@`)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`
  if (typeof value !== 'object' || value === null) return value
  try {
    return redactObject(value, depth, ancestors)
  } catch {
    return '[unreadable]'
  }
}

function redactObject(value: object, depth: number, ancestors: Set<object>): unknown {
  if (secretBrand in value) return '[secret]'
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (value instanceof URL) return redactAt(value.href, depth, ancestors)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (value instanceof Error) return { name: value.name, message: redactAt(value.message, depth, ancestors) }
  if (ancestors.has(value)) return '[cycle]'
  if (depth === maximumDepth) return '[deep]'
  ancestors.add(value)
  try {
    return Array.isArray(value)
      ? value.map((item) => redactAt(item, depth + 1, ancestors))
      : redactFields(value as Readonly<Record<string, unknown>>, depth, ancestors)
  } finally {
    ancestors.delete(value)
  }
}

function redactFields(
  value: Readonly<Record<string, unknown>>,
  depth: number,
  ancestors: Set<object>,
): Record<string, unknown> {
  const copy: Record<string, unknown> = Object.create(null)
  for (const name of Object.keys(value)) copy[name] = redactField(value, name, depth, ancestors)
  return copy
}

/** One field at a time, so that a getter that throws costs no more than its own field. */
function redactField(
  value: Readonly<Record<string, unknown>>,
  name: string,
  depth: number,
  ancestors: Set<object>,
): unknown {
  try {
    const field = value[name]
    return secretName.test(name) && field != null ? mask : redactAt(field, depth + 1, ancestors)
  } catch {
    return '[unreadable]'
  }
}
