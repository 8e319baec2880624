import { ExprsnError } from '../errors/exprsn-error.ts'
import { configErrors } from './errors.ts'
import { isPlainObject } from './object-entries.ts'
import { mergeEntries } from './merge-entries.ts'
import { issueProblem, originOf, showValue } from './problems.ts'
import type { ConfigProblem, ConfigSource } from './source.ts'
import type { SchemaOutput, SchemaResult, StandardSchema } from './standard-schema.ts'
import { isZodSchema, type ZodSchema } from './zod-schema.ts'

/** Options of {@link defineConfig} and {@link loadConfig}. */
export interface ConfigOptions<Schema extends StandardSchema> {
  /**
   * What the configuration must look like. A zod object also tells which keys exist, what the text of environment
   * variables means and what is secret; with a schema of another library, text stays text and keys are not checked.
   */
  readonly schema: Schema
  /** Where values come from; later sources win over earlier ones. */
  readonly sources: readonly ConfigSource[]
}

/** Where one value of the configuration came from. */
export interface ConfigOrigin {
  /** Keys joined with dots. */
  readonly path: string
  /** The value as text, `[secret]` for secrets. */
  readonly value: string
  /** Such as `env APP_PORT`, `app.json`, or `schema` for the schema's own default. */
  readonly source: string
}

/** A configuration with the origin of each of its values. */
export interface LoadedConfig<Output> {
  /** The validated value, deeply frozen. */
  readonly value: Output
  readonly origins: readonly ConfigOrigin[]
}

/**
 * Like {@link defineConfig}, and tells where each value came from: for a start-up log line or a status page.
 *
 * @throws `CORE_CONFIG_INVALID`, `CORE_CONFIG_SCHEMA_UNSUPPORTED`.
 * @example
 * ```ts
 * import { defaults, env, loadConfig } from '@exprsn/core/config'
 * import { z } from 'zod'
 *
 * const { value, origins } = loadConfig({
 *   schema: z.object({ port: z.number(), host: z.string() }),
 *   sources: [defaults({ port: 8080, host: 'localhost' }), env({ prefix: 'APP_', environment: { APP_PORT: '9000' } })],
 * })
 * console.log(value.port, origins[0]?.source) // 9000 env APP_PORT
 * ```
 */
export function loadConfig<Schema extends StandardSchema>(
  options: ConfigOptions<Schema>,
): LoadedConfig<SchemaOutput<Schema>> {
  const schema = isZodSchema(options.schema) ? options.schema : undefined
  const layers = options.sources.map((source) => source.read(schema))
  const problems = layers.flatMap((layer) => layer.problems ?? [])
  const { tree, origins } = mergeEntries(
    layers.flatMap((layer) => layer.entries),
    schema,
  )
  const result = validate(options.schema, tree)
  const issues = result.issues ?? []
  const context = { tree, origins, schema, sources: options.sources }
  for (const issue of issues) {
    const isTold = schema !== undefined && issue.code === 'unrecognized_keys'
    if (!isTold) problems.push(issueProblem(issue, context))
  }
  if (problems.length > 0 || result.issues !== undefined) throw invalid(problems)
  return {
    value: deepFreeze(result.value) as SchemaOutput<Schema>,
    origins: listOrigins(result.value, origins, schema),
  }
}

function validate(schema: StandardSchema, tree: unknown): SchemaResult<unknown> {
  const result = schema['~standard'].validate(tree)
  if (result instanceof Promise) {
    result.catch(() => {})
    throw configErrors.CORE_CONFIG_SCHEMA_UNSUPPORTED({ reason: 'validates asynchronously' })
  }
  return result
}

/** The message holds every problem, one a line: it is what a failed start prints. */
function invalid(problems: readonly ConfigProblem[]): ExprsnError<'CORE_CONFIG_INVALID'> {
  const definition = configErrors.definitions.CORE_CONFIG_INVALID
  const lines = problems.map(({ path, expected, got, source }) =>
    path === ''
      ? `  ${source}: expected ${expected}, got ${got}`
      : `  ${path}: expected ${expected}, got ${got} (${source})`,
  )
  const message = [definition.message.replace('{count}', String(problems.length)), ...lines].join('\n')
  return new ExprsnError({ ...definition, code: 'CORE_CONFIG_INVALID', message, details: { problems } })
}

function listOrigins(
  value: unknown,
  origins: ReadonlyMap<string, string>,
  schema: ZodSchema | undefined,
  path: readonly string[] = [],
): ConfigOrigin[] {
  if (value === undefined) return []
  if (isPlainObject(value) && Object.keys(value).length > 0)
    return Object.entries(value).flatMap(([name, field]) => listOrigins(field, origins, schema, [...path, name]))
  const source = originOf(origins, path) ?? 'schema'
  return [{ path: path.join('.'), value: showValue(value, path, schema), source }]
}

function deepFreeze(value: unknown): unknown {
  if (!isPlainObject(value) && !Array.isArray(value)) return value
  Object.values(value).forEach(deepFreeze)
  return Object.freeze(value)
}
