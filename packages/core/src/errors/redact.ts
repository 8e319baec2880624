const secretName =
  /pass(word|phrase|wd)|secret|token|authori[sz]ation|cookie|credential|api[-_]?key|private[-_]?key|signature/i
const credentialsInUrl = /([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):[^\s@/]*@/gi
const mask = '[redacted]'
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
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (value instanceof Error) return { name: value.name, message: redactAt(value.message, depth, ancestors) }
  if (ancestors.has(value)) return '[cycle]'
  if (depth === maximumDepth) return '[deep]'
  ancestors.add(value)
  const copy = Array.isArray(value)
    ? value.map((item) => redactAt(item, depth + 1, ancestors))
    : redactFields(value, depth, ancestors)
  ancestors.delete(value)
  return copy
}

function redactFields(value: object, depth: number, ancestors: Set<object>): Record<string, unknown> {
  const copy: Record<string, unknown> = Object.create(null)
  for (const [name, field] of Object.entries(value))
    copy[name] = secretName.test(name) && field != null ? mask : redactAt(field, depth + 1, ancestors)
  return copy
}
