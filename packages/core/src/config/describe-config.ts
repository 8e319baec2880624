import { configErrors } from './errors.ts'
import { environmentName } from './environment-name.ts'
import { isOptional, schemaKeys, type SchemaLeaf } from './schema-keys.ts'
import type { StandardSchema } from './standard-schema.ts'
import { bareSchema, isSecretSchema, isZodSchema, members, wrappers, type ZodSchema } from './zod-schema.ts'

/** Options of {@link describeConfig}. */
export interface DescribeConfigOptions {
  /** What the environment variables start with. @default '' */
  readonly prefix?: string | undefined
}

/** One key of a configuration, for people. */
export interface ConfigKey {
  /** Keys joined with dots. */
  readonly path: string
  /** The environment variable that sets it. */
  readonly variable: string
  /** Such as `text`, `number`, `list of text`, `one of "a", "b"`. */
  readonly type: string
  readonly required: boolean
  readonly secret: boolean
  /** The schema's default as JSON. */
  readonly default: string | undefined
  /** What `.describe()` says. */
  readonly description: string | undefined
}

/** The documentation of a configuration, generated from its schema. */
export interface ConfigDescription {
  readonly keys: readonly ConfigKey[]
  /** A `.env.example`: required variables empty, the others commented out with their default. */
  readonly envExample: string
  /** A Markdown table of all keys. */
  readonly markdown: string
}

/**
 * Documents a zod schema: its keys, a `.env.example` and a Markdown table.
 *
 * @throws `CORE_CONFIG_SCHEMA_UNSUPPORTED` for a schema that is not of zod.
 * @example
 * ```ts
 * import { describeConfig } from '@exprsn/core/config'
 * import { z } from 'zod'
 *
 * const schema = z.object({ port: z.number().default(8080).describe('Where to listen.') })
 * console.log(describeConfig(schema, { prefix: 'APP_' }).envExample) // # Where to listen. (number) …
 * ```
 */
export function describeConfig(schema: StandardSchema, { prefix = '' }: DescribeConfigOptions = {}): ConfigDescription {
  if (!isZodSchema(schema)) throw configErrors.CORE_CONFIG_SCHEMA_UNSUPPORTED({ reason: 'is not a zod schema' })
  const keys = schemaKeys(schema).map((leaf) => describeKey(leaf, prefix))
  return { keys, envExample: envExample(keys), markdown: markdownTable(keys) }
}

function describeKey({ path, schema, optional }: SchemaLeaf, prefix: string): ConfigKey {
  const secret = isSecretSchema(schema)
  return {
    path: path.join('.'),
    variable: environmentName(prefix, path),
    type: typeName(schema),
    required: !optional,
    secret,
    default: secret ? undefined : defaultText(schema),
    description: wrappers(schema).find(({ description }) => description !== undefined)?.description,
  }
}

function typeName(schema: ZodSchema): string {
  const { def } = bareSchema(schema)._zod
  switch (def.type) {
    case 'string':
      return def.format === undefined ? 'text' : `text (${def.format})`
    case 'boolean':
      return 'true or false'
    case 'bigint':
      return 'integer'
    case 'enum':
      return oneOf(Object.values(def.entries ?? {}))
    case 'literal':
      return oneOf(def.values ?? [])
    case 'array':
      return def.element === undefined ? 'list' : `list of ${typeName(def.element)}`
    case 'record':
      return 'JSON object'
    case 'union':
      return [...new Set(members(schema).map(typeName))].join(' or ')
    default:
      return def.type
  }
}

function oneOf(values: readonly unknown[]): string {
  const names = values.map((value) => JSON.stringify(value) ?? String(value))
  return names.length === 1 ? names[0]! : `one of ${names.join(', ')}`
}

function defaultText(schema: ZodSchema): string | undefined {
  const wrapper = wrappers(schema).find(({ _zod: { def } }) => 'defaultValue' in def)
  const value = wrapper?._zod.def.defaultValue
  if (value === undefined || !isOptional(schema)) return undefined
  return typeof value === 'bigint' ? value.toString() : JSON.stringify(value)
}

function envExample(keys: readonly ConfigKey[]): string {
  return keys
    .map((key) => {
      const note = [key.type, key.required ? 'required' : '', key.secret ? `secret, or ${key.variable}_FILE` : '']
      const comment = [key.description?.replaceAll(/\s+/g, ' ') ?? key.path, `(${note.filter(Boolean).join(', ')})`]
      const value = key.default?.startsWith('"') ? (JSON.parse(key.default) as string) : (key.default ?? '')
      return `# ${comment.join(' ')}\n${key.required ? '' : '# '}${key.variable}=${value.replaceAll('\n', '\\n')}\n`
    })
    .join('\n')
}

function markdownTable(keys: readonly ConfigKey[]): string {
  const rows = keys.map((key) => {
    const fallback = key.required ? '**required**' : key.default === undefined ? '' : code(key.default)
    const type = key.secret ? `${key.type}, secret` : key.type
    return [code(key.path), code(key.variable), type, fallback, key.description ?? '']
  })
  const lines = [['Key', 'Variable', 'Type', 'Default', 'Meaning'], ['---', '---', '---', '---', '---'], ...rows]
  return lines.map((cells) => `| ${cells.map(escapeCell).join(' | ')} |\n`).join('')
}

function code(text: string): string {
  return `\`${text}\``
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')
}
