import type { StandardSchema } from '../../config/standard-schema.ts'
import { isZodSchema } from '../../config/zod-schema.ts'

/** A JSON Schema of draft 2020-12, the dialect of OpenAPI 3.1. */
export type JsonSchema = { readonly [keyword: string]: unknown }

/** Turns schemas into JSON Schemas whose definitions stand among the components of one document. */
export interface SchemaWriter {
  write(schema: StandardSchema, direction: 'input' | 'output', name: string): JsonSchema
  /** Everything that references point to, sorted by name. */
  readonly components: () => Readonly<Record<string, JsonSchema>>
}

type Converter = (schema: StandardSchema, direction: 'input' | 'output') => JsonSchema

/** zod is loaded here and not before: describing is rare, and importing the block must stay cheap. */
export async function createSchemaWriter(): Promise<SchemaWriter> {
  const { toJSONSchema } = await import('zod')
  const components = new Map<string, JsonSchema>()
  const convert: Converter = (schema, direction) => {
    if (isZodSchema(schema))
      return toJSONSchema(schema as never, { io: direction, unrepresentable: 'any' }) as JsonSchema
    const own = (schema['~standard'] as { readonly jsonSchema?: Record<string, (options: object) => JsonSchema> })
      .jsonSchema
    return own?.[direction]?.({ target: 'draft-2020-12' }) ?? {}
  }

  /** Puts a definition among the components under a name that no other definition has. */
  function define(name: string, schemaOf: (reference: string) => JsonSchema): string {
    const base = name.replace(/[^\w.-]/g, '_')
    for (let count = 1; ; count++) {
      const key = count === 1 ? base : `${base}_${count}`
      const schema = schemaOf(`#/components/schemas/${key}`)
      const before = components.get(key)
      if (before !== undefined && JSON.stringify(before) !== JSON.stringify(schema)) continue
      components.set(key, schema)
      return `#/components/schemas/${key}`
    }
  }

  function write(schema: StandardSchema, direction: 'input' | 'output', name: string): JsonSchema {
    const { $schema: _, $defs = {}, '~standard': __, ...top } = convert(schema, direction)
    const definitions = $defs as Readonly<Record<string, JsonSchema>>
    const references = new Map<string, string>()
    const target = (reference: string): string => references.get(reference) ?? reference
    // References first: definitions may refer to each other, and to the whole.
    for (const key of Object.keys(definitions))
      references.set(`#/$defs/${key}`, `#/components/schemas/${nameOf(key, name)}`)
    const recursive = JSON.stringify(top).includes('"$ref":"#"') || JSON.stringify(definitions).includes('"$ref":"#"')
    if (recursive) references.set('#', `#/components/schemas/${nameOf('Root', name)}`)
    for (const [key, definition] of Object.entries(definitions))
      references.set(
        `#/$defs/${key}`,
        define(nameOf(key, name), () => rewrite(withoutId(definition), target)),
      )
    if (!recursive) return rewrite(top, target)
    return { $ref: define(nameOf('Root', name), () => rewrite(top, target)) }
  }

  return {
    write,
    components: () => Object.fromEntries([...components].toSorted(([left], [right]) => (left < right ? -1 : 1))),
  }
}

/** zod numbers what has no id of its own; such a name means something within its route only. */
function nameOf(key: string, owner: string): string {
  return /^__schema\d+$|^Root$/.test(key) ? `${owner}_${key.replaceAll('_', '')}` : key
}

function withoutId({ id: _, ...schema }: JsonSchema): JsonSchema {
  return schema
}

function rewrite(schema: JsonSchema, target: (reference: string) => string): JsonSchema {
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) =>
      key === '$ref' && typeof value === 'string' ? target(value) : value,
    ),
  ) as JsonSchema
}
