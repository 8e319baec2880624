import { objectShape, wrappers, type ZodSchema } from './zod-schema.ts'

/** One key that a schema names. */
export interface SchemaLeaf {
  readonly path: readonly string[]
  readonly schema: ZodSchema
  /** Whether it may be left out: it, or an object around it, is optional or has a default. */
  readonly optional: boolean
}

/** Wrappers under which the input may be left out. */
const optionalTypes = new Set(['optional', 'default', 'prefault', 'catch', 'exactOptional'])

/** How deep recursive schemas are followed. */
const deepest = 8

/** Every key that is not itself an object with named keys, in the order of the schema. */
export function schemaKeys(schema: ZodSchema, path: readonly string[] = [], optional = false): SchemaLeaf[] {
  const shape = objectShape(schema)
  if (shape === undefined || path.length === deepest) return [{ path, schema, optional }]
  return Object.entries(shape).flatMap(([name, field]) =>
    schemaKeys(field, [...path, name], optional || isOptional(field)),
  )
}

/** Whether a schema accepts that nothing is given. */
export function isOptional(schema: ZodSchema): boolean {
  return wrappers(schema).some(({ _zod: { def } }) => optionalTypes.has(def.type))
}
