import type { ConfigEntry, ConfigLayer, ConfigProblem } from './source.ts'
import { bestMatch } from './best-match.ts'
import { schemaKey, objectShape, type ZodSchema } from './zod-schema.ts'

/**
 * The leaves of a tree of plain objects as entries. Keys that the schema does not foresee become problems;
 * `undefined` counts as not set; `__proto__` is never a key.
 */
export function objectEntries(
  tree: object,
  origin: string,
  schema: ZodSchema | undefined,
  root: readonly string[] = [],
): ConfigLayer {
  const entries: ConfigEntry[] = []
  const problems: ConfigProblem[] = []
  const visit = (value: unknown, path: readonly string[], here: ZodSchema | undefined): void => {
    if (value === undefined) return
    if (!isPlainObject(value) || (path.length > 0 && Object.keys(value).length === 0)) {
      entries.push({ path, value, origin })
      return
    }
    for (const [name, field] of Object.entries(value)) {
      const key = here === undefined ? 'open' : schemaKey(here, name, true)
      if (name === '__proto__' || key === 'unknown') problems.push(unknownKey([...path, name], here, origin))
      else visit(field, [...path, name], key === 'open' ? undefined : key.schema)
    }
  }
  visit(tree, root, schema)
  return { entries, problems }
}

/** Whether a value is merged key by key; everything else is taken or replaced as a whole. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

function unknownKey(path: readonly string[], schema: ZodSchema | undefined, origin: string): ConfigProblem {
  const siblings = schema === undefined ? [] : Object.keys(objectShape(schema) ?? {})
  const match = bestMatch(path.at(-1)!, siblings)
  const expected =
    match === undefined ? 'no such key' : `no such key, did you mean "${[...path.slice(0, -1), match].join('.')}"?`
  return { path: path.join('.'), expected, got: 'an unknown key', source: origin }
}
