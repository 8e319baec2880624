import { auditErrors } from './errors.ts'

/**
 * JSON in the one form that RFC 8785 (JSON Canonicalization Scheme) gives it: members sorted by UTF-16 code units, numbers as
 * ECMAScript writes them, no white space. Members that are undefined are left out.
 *
 * @throws `CORE_AUDIT_VALUE_INVALID` with the path of what JSON cannot say.
 * @example
 * ```ts
 * import { canonicalJson } from '@exprsn/core/audit'
 *
 * console.log(canonicalJson({ b: 1.0, a: ['ü', null] })) // {"a":["ü",null],"b":1}
 * ```
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$', 0)
}

/** Deeper than any event, and shallower than the stack. */
const deepest = 200

function write(value: unknown, path: string, depth: number): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return writeText(value, path)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw invalid(path, `the number ${value}`)
    return JSON.stringify(value)
  }
  if (typeof value !== 'object') throw invalid(path, `a ${typeof value}`)
  if (depth === deepest) throw invalid(path, 'nested too deep')
  if (Array.isArray(value))
    return `[${Array.from(value, (item, index) => write(item, `${path}[${index}]`, depth + 1)).join(',')}]`
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== null && prototype !== Object.prototype) throw invalid(path, 'not a plain object')
  return writeObject(value as Readonly<Record<string, unknown>>, path, depth)
}

function writeObject(value: Readonly<Record<string, unknown>>, path: string, depth: number): string {
  const members = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort()
    .map((name) => `${writeText(name, path)}:${write(value[name], `${path}.${name}`, depth + 1)}`)
  return `{${members.join(',')}}`
}

const loneSurrogate = /\p{Surrogate}/u

function writeText(text: string, path: string): string {
  if (loneSurrogate.test(text)) throw invalid(path, 'text with half a surrogate pair')
  return JSON.stringify(text)
}

function invalid(path: string, reason: string) {
  return auditErrors.CORE_AUDIT_VALUE_INVALID({ path, reason })
}
