import type { Disk } from '../disk/disk.ts'
import { systemDisk } from '../disk/system-disk.ts'
import { ExprsnError } from '../errors/exprsn-error.ts'
import { acceptsEmptyText, coerceText } from './coerce-text.ts'
import { environmentName, environmentNames } from './environment-name.ts'
import { bestMatch } from './best-match.ts'
import { isPlainObject, objectEntries } from './object-entries.ts'
import { readFileText } from './read-file-text.ts'
import type { ConfigLayer, ConfigProblem, ConfigSource } from './source.ts'
import { camelCase, schemaKey, type ZodSchema } from './zod-schema.ts'

/** Options of {@link env}. */
export interface EnvSourceOptions {
  /** What the variables start with, usually with an underscore at the end. @default '' */
  readonly prefix?: string | undefined
  /** @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
  /**
   * Whether `APP_PASSWORD_FILE=/run/secrets/password` gives `password` the content of that file, less one line end.
   * A key of the schema that is really called `passwordFile` wins over this reading. @default true
   */
  readonly secretFiles?: boolean | undefined
  /**
   * What happens to variables that have the prefix but name no key. Without a prefix they are ignored. Kubernetes adds
   * variables such as `APP_PORT_80_TCP` for a service called `app`: choose another prefix there, or `ignore`.
   * @default 'error'
   */
  readonly unknown?: 'error' | 'ignore' | undefined
  /** Reads the secret files. @default systemDisk */
  readonly disk?: Disk | undefined
}

interface FoundKey {
  readonly path: readonly string[]
  readonly schema: ZodSchema | undefined
}

/**
 * Values from environment variables: `APP_DATABASE__MAX_CONNECTIONS` sets `database.maxConnections` under the prefix
 * `APP_`. Two underscores go one level down, one joins the words of a key; case does not matter. The text becomes what
 * the schema wants there; an empty variable counts as not set, except for texts and lists.
 *
 * @example
 * ```ts
 * import { defineConfig, env } from '@exprsn/core/config'
 * import { z } from 'zod'
 *
 * const schema = z.object({ database: z.object({ maxConnections: z.number().int() }) })
 * const environment = { APP_DATABASE__MAX_CONNECTIONS: '20' }
 * console.log(defineConfig({ schema, sources: [env({ prefix: 'APP_', environment })] })) // { database: { maxConnections: 20 } }
 * ```
 */
export function env(options: EnvSourceOptions = {}): ConfigSource {
  const { prefix = '' } = options
  return {
    read: (schema) => readEnvironment(schema, options),
    place: (path) => environmentName(prefix, path),
  }
}

function readEnvironment(schema: ZodSchema | undefined, options: EnvSourceOptions): ConfigLayer {
  const { prefix = '', environment = process.env, secretFiles = true, unknown = 'error', disk = systemDisk } = options
  const plain: ConfigLayer[] = []
  const fromFiles: ConfigLayer[] = []
  const problems: ConfigProblem[] = []
  // In this order an object given as JSON comes before the variables for its keys, which thereby win.
  for (const name of Object.keys(environment).toSorted()) {
    const text = environment[name]
    if (text === undefined || !name.startsWith(prefix) || name.length === prefix.length) continue
    const segments = name.slice(prefix.length).split('__')
    const base = secretFiles ? withoutFileSuffix(segments) : undefined
    const key = findKey(schema, segments, base !== undefined)
    const fileKey = key === undefined && base !== undefined ? findKey(schema, base, false) : undefined
    if (key !== undefined) plain.push(readText(key, text, `env ${name}`))
    else if (fileKey !== undefined) fromFiles.push(readSecretFile(disk, name, text, fileKey))
    else if (unknown === 'error' && prefix !== '') problems.push(unknownVariable(name, prefix, schema))
  }
  const layers = [...plain, ...fromFiles]
  return {
    entries: layers.flatMap(({ entries }) => entries),
    problems: [...problems, ...layers.flatMap((layer) => layer.problems ?? [])],
  }
}

function withoutFileSuffix(segments: readonly string[]): string[] | undefined {
  const last = segments.at(-1)!
  return /._FILE$/i.test(last) ? [...segments.slice(0, -1), last.slice(0, -'_FILE'.length)] : undefined
}

/** Follows segments down the schema. In free-form parts a `_FILE` variable is left to the secret files. */
function findKey(schema: ZodSchema | undefined, segments: readonly string[], maybeFile: boolean): FoundKey | undefined {
  const path: string[] = []
  let here = schema
  let freeForm = false
  for (const segment of segments) {
    const key = here === undefined ? 'open' : schemaKey(here, segment, false)
    const name = typeof key === 'string' ? camelCase(segment) : key.name
    if (key === 'unknown' || name === '' || name === '__proto__') return undefined
    freeForm = key === 'open' || key.freeForm
    path.push(name)
    here = key === 'open' ? undefined : key.schema
  }
  return maybeFile && freeForm ? undefined : { path, schema: here }
}

/** An object given as JSON is taken apart, so that it adds to what stands below instead of replacing it. */
function readText({ path, schema }: FoundKey, text: string, origin: string): ConfigLayer {
  if (schema === undefined) return { entries: [{ path, value: text, origin }] }
  if (text.trim() === '' && !acceptsEmptyText(schema)) return { entries: [] }
  const value = coerceText(text, schema)
  return isPlainObject(value) ? objectEntries(value, origin, schema, path) : { entries: [{ path, value, origin }] }
}

function readSecretFile(disk: Disk, name: string, path: string, key: FoundKey): ConfigLayer {
  const origin = `${path} (env ${name})`
  try {
    return readText(key, readFileText(disk, path).replace(/\r?\n$/, ''), origin)
  } catch (error) {
    if (!ExprsnError.is(error)) throw error
    const problem = { path: key.path.join('.'), expected: 'a readable file', got: error.message, source: origin }
    return { entries: [], problems: [problem] }
  }
}

function unknownVariable(name: string, prefix: string, schema: ZodSchema | undefined): ConfigProblem {
  const match = schema === undefined ? undefined : bestMatch(name, environmentNames(prefix, schema))
  const expected =
    match === undefined ? `no such variable under the prefix ${prefix}` : `no such variable, did you mean ${match}?`
  return { path: '', expected, got: 'an unknown variable', source: `env ${name}` }
}
