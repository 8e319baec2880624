import { isPlainObject } from './object-entries.ts'
import { isOptional } from './schema-keys.ts'
import { Secret } from './secret.ts'
import type { ConfigEntry } from './source.ts'
import { bareSchema, type ZodSchema } from './zod-schema.ts'

/** The merged input of the schema, and where each of its values came from, by path joined with dots. */
export interface MergedEntries {
  readonly tree: Record<string, unknown>
  readonly origins: Map<string, string>
}

/** Lays entries over each other: a later value replaces an earlier one, objects are joined key by key. */
export function mergeEntries(entries: readonly ConfigEntry[], schema: ZodSchema | undefined): MergedEntries {
  const merged: MergedEntries = { tree: {}, origins: new Map() }
  for (const entry of entries) place(merged, entry)
  if (schema !== undefined) addMissingObjects(merged.tree, schema)
  return merged
}

function place({ tree, origins }: MergedEntries, { path, value, origin }: ConfigEntry): void {
  let here = tree
  path.slice(0, -1).forEach((name, depth) => {
    if (!isPlainObject(here[name])) forget(origins, path.slice(0, depth + 1).join('.'))
    here = here[name] = isPlainObject(here[name]) ? { ...here[name] } : {}
  })
  const name = path.join('.')
  forget(origins, name)
  origins.set(name, origin)
  here[path.at(-1)!] = copied(Secret.is(value) ? value.reveal() : value)
}

/** The result is frozen, which must not reach what the host passed in. */
function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied)
  return isPlainObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, field]) => [name, copied(field)]))
    : value
}

function forget(origins: Map<string, string>, path: string): void {
  origins.delete(path)
  for (const other of origins.keys()) if (other.startsWith(`${path}.`)) origins.delete(other)
}

/** An absent object is given as an empty one, so that the schema fills in defaults and names every missing key. */
function addMissingObjects(tree: Record<string, unknown>, schema: ZodSchema): void {
  for (const [name, field] of Object.entries(bareSchema(schema)._zod.def.shape ?? {})) {
    if (bareSchema(field)._zod.def.type !== 'object') continue
    if (tree[name] === undefined && !isOptional(field)) tree[name] = {}
    const child = tree[name]
    if (isPlainObject(child)) addMissingObjects(child, field)
  }
}
