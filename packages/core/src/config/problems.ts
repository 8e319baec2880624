import { redact } from '../errors/redact.ts'
import { Secret } from './secret.ts'
import type { ConfigProblem, ConfigSource } from './source.ts'
import type { SchemaIssue } from './standard-schema.ts'
import { isSecretSchema, schemaKey, type ZodSchema } from './zod-schema.ts'

const longestValue = 80

/** What is needed to tell an issue of the schema with its source. */
export interface IssueContext {
  readonly tree: unknown
  readonly origins: ReadonlyMap<string, string>
  readonly schema: ZodSchema | undefined
  readonly sources: readonly ConfigSource[]
}

/** An issue of the schema as a problem: with the value that was found, masked where needed, and its source. */
export function issueProblem(issue: SchemaIssue, context: IssueContext): ConfigProblem {
  const path = (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part))
  const value = valueAt(context.tree, path)
  return {
    path: path.join('.'),
    expected:
      issue.code === 'invalid_type' ? String(issue.expected) : lowerFirst(issue.message.replace(/^Invalid \w+: /, '')),
    got: value === undefined ? 'nothing' : showValue(value, path, context.schema),
    source: originOf(context.origins, path) ?? places(context.sources, path),
  }
}

/** A value for people: JSON, shortened; `[secret]` where the schema or the name of the key says so. */
export function showValue(value: unknown, path: readonly string[], schema: ZodSchema | undefined): string {
  if (Secret.is(value) || isSecretPath(path, schema)) return '[secret]'
  const key = path.at(-1) ?? ''
  const safe = (redact({ [key]: maskSecrets(value, path, schema) }) as Record<string, unknown>)[key]
  const text = typeof value === 'bigint' ? `${value}` : (JSON.stringify(safe) ?? String(value))
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text
}

/** The source of a value, or of the object that it was given in. */
export function originOf(origins: ReadonlyMap<string, string>, path: readonly string[]): string | undefined {
  for (let length = path.length; length >= 0; length--) {
    const origin = origins.get(path.slice(0, length).join('.'))
    if (origin !== undefined) return origin
  }
  return undefined
}

/** Whether a path leads to a secret, or into one. */
function isSecretPath(path: readonly string[], schema: ZodSchema | undefined): boolean {
  let here = schema
  for (const segment of path) {
    if (here === undefined) return false
    if (isSecretSchema(here)) return true
    const key = schemaKey(here, segment, true)
    here = typeof key === 'string' ? undefined : key.schema
  }
  return here !== undefined && isSecretSchema(here)
}

function maskSecrets(value: unknown, path: readonly string[], schema: ZodSchema | undefined): unknown {
  if (isSecretPath(path, schema)) return '[secret]'
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Date) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [name, maskSecrets(field, [...path, name], schema)]),
  )
}

function valueAt(tree: unknown, path: readonly string[]): unknown {
  let here = tree
  for (const segment of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, segment)) return undefined
    here = (here as Record<string, unknown>)[segment]
  }
  return here
}

function places(sources: readonly ConfigSource[], path: readonly string[]): string {
  const known = sources.map((source) => source.place?.(path)).filter((place) => place !== undefined)
  return known.length === 0 ? 'not set' : `set ${known.toReversed().join(' or ')}`
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
