import { jobErrors } from './errors.ts'

/**
 * A payload as JSON that reads back as the same value.
 *
 * @throws `CORE_JOBS_PAYLOAD_INVALID` for what JSON would drop or change; `CORE_JOBS_PAYLOAD_TOO_LARGE`
 */
export function encodePayload(name: string, payload: unknown, limit: number): string {
  const reason = findProblem(payload ?? null, '$', new Set())
  if (reason !== undefined) throw jobErrors.CORE_JOBS_PAYLOAD_INVALID({ name, ...reason })
  const text = JSON.stringify(payload ?? null)
  const bytes = Buffer.byteLength(text)
  if (bytes > limit) throw jobErrors.CORE_JOBS_PAYLOAD_TOO_LARGE({ name, bytes, limit })
  return text
}

interface PayloadProblem {
  readonly path: string
  readonly reason: string
}

/** Deeper values would overflow the stack of many a JSON reader. */
const deepest = 200

function findProblem(value: unknown, path: string, ancestors: Set<object>): PayloadProblem | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : { path, reason: `is ${value}` }
  if (typeof value !== 'object') return { path, reason: `is of the type ${typeof value}` }
  if (ancestors.has(value)) return { path, reason: 'contains itself' }
  if (ancestors.size >= deepest) return { path, reason: `is nested deeper than ${deepest} levels` }
  const list = Array.isArray(value)
  if (!list && !isPlain(value)) return { path, reason: 'is neither a plain object nor an array' }
  ancestors.add(value)
  const problem = list ? problemOfList(value, path, ancestors) : problemOfFields(value, path, ancestors)
  ancestors.delete(value)
  return problem
}

function problemOfList(list: readonly unknown[], path: string, ancestors: Set<object>): PayloadProblem | undefined {
  for (let index = 0; index < list.length; index++) {
    const problem = findProblem(list[index], `${path}[${index}]`, ancestors)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** A field that is undefined reads back as undefined although JSON drops it. */
function problemOfFields(value: object, path: string, ancestors: Set<object>): PayloadProblem | undefined {
  for (const [field, inner] of Object.entries(value)) {
    const problem = inner === undefined ? undefined : findProblem(inner, `${path}.${field}`, ancestors)
    if (problem !== undefined) return problem
  }
  return 'toJSON' in value && typeof value.toJSON === 'function' ? { path, reason: 'writes itself as JSON' } : undefined
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
