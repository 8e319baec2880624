import { isSecretOutput } from './secret-schema.ts'

/** What is read of a zod 4 schema: its definition is public API for libraries (https://zod.dev/library-authors). */
export interface ZodSchema {
  readonly _zod: { readonly def: ZodDefinition }
  readonly description?: string | undefined
  readonly '~standard': { readonly validate: (value: unknown) => unknown }
}

interface ZodDefinition {
  readonly type: string
  readonly innerType?: ZodSchema
  readonly shape?: Readonly<Record<string, ZodSchema>>
  readonly catchall?: ZodSchema
  readonly element?: ZodSchema
  readonly valueType?: ZodSchema
  readonly options?: readonly ZodSchema[]
  readonly left?: ZodSchema
  readonly right?: ZodSchema
  readonly in?: ZodSchema
  readonly out?: ZodSchema
  readonly getter?: () => ZodSchema
  readonly values?: readonly unknown[]
  readonly entries?: Readonly<Record<string, unknown>>
  readonly defaultValue?: unknown
  readonly format?: string
}

/**
 * A key below a schema: known with its schema (`freeForm` where a record takes any name), allowed but without a schema
 * of its own (`open`), or not foreseen (`unknown`).
 */
export type SchemaKey =
  | { readonly name: string; readonly schema: ZodSchema; readonly freeForm: boolean }
  | 'open'
  | 'unknown'

/** Whether a schema can be looked into. */
export function isZodSchema(value: unknown): value is ZodSchema {
  return typeof value === 'object' && value !== null && '_zod' in value
}

/** The wrappers around a schema from the outside in, and the schema inside them, which comes last. */
export function wrappers(schema: ZodSchema): readonly ZodSchema[] {
  const chain = [schema]
  for (let inner = innerSchema(schema); inner !== undefined; inner = innerSchema(inner)) chain.push(inner)
  return chain
}

/** A schema without `optional`, `default`, `pipe` and other wrappers: what the input must look like. */
export function bareSchema(schema: ZodSchema): ZodSchema {
  return wrappers(schema).at(-1)!
}

/** Whether a schema gives a `Secret`. */
export function isSecretSchema(schema: ZodSchema): boolean {
  return wrappers(schema).some(
    ({ _zod: { def } }) => def.type === 'pipe' && def.out !== undefined && isSecretOutput(def.out),
  )
}

/** The object shape of a schema, with the shapes of a union's or intersection's members joined; undefined when none. */
export function objectShape(schema: ZodSchema): Readonly<Record<string, ZodSchema>> | undefined {
  const { def } = bareSchema(schema)._zod
  if (def.type === 'object') return def.shape ?? {}
  const shapes = members(schema)
    .map(objectShape)
    .filter((shape) => shape !== undefined)
  return shapes.length === 0 ? undefined : Object.assign({}, ...shapes.toReversed())
}

/**
 * Finds the key that `segment` names. Environment variables name keys without regard to case, `_` and `-`, so that
 * `MAX_RETRIES` finds `maxRetries`; `exact` is for files and objects.
 */
export function schemaKey(schema: ZodSchema, segment: string, exact: boolean): SchemaKey {
  const { def } = bareSchema(schema)._zod
  if (def.type === 'record' && def.valueType)
    return { name: exact ? segment : camelCase(segment), schema: def.valueType, freeForm: true }
  const shape = objectShape(schema)
  if (shape === undefined) return 'open'
  const name = Object.keys(shape).find((key) => key === segment || (!exact && folded(key) === folded(segment)))
  if (name !== undefined) return { name, schema: shape[name]!, freeForm: false }
  return isOpen(schema) ? 'open' : 'unknown'
}

/** A variable's segment as a key: `MAX_RETRIES` becomes `maxRetries`. */
export function camelCase(segment: string): string {
  return segment.toLowerCase().replace(/[_-]+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

/** The members of a union or an intersection. */
export function members(schema: ZodSchema): readonly ZodSchema[] {
  const { def } = bareSchema(schema)._zod
  if (def.options) return def.options
  return def.left && def.right ? [def.left, def.right] : []
}

function isOpen(schema: ZodSchema): boolean {
  const { def } = bareSchema(schema)._zod
  if (def.type === 'object') return def.catchall !== undefined && def.catchall._zod.def.type !== 'never'
  return members(schema).some((member) => objectShape(member) === undefined || isOpen(member))
}

function folded(key: string): string {
  return key.replace(/[_-]/g, '').toLowerCase()
}

function innerSchema({ _zod: { def } }: ZodSchema): ZodSchema | undefined {
  if (def.type === 'lazy') return def.getter?.()
  if (def.type === 'pipe') return def.in?._zod.def.type === 'transform' ? def.out : def.in
  return def.innerType
}
