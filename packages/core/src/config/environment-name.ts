import { schemaKeys } from './schema-keys.ts'
import type { ZodSchema } from './zod-schema.ts'

/** The variable that sets a key: `database.maxConnections` under `APP_` is `APP_DATABASE__MAX_CONNECTIONS`. */
export function environmentName(prefix: string, path: readonly string[]): string {
  return prefix + path.map(snakeCase).join('__')
}

/** The variables of all keys that a schema names. */
export function environmentNames(prefix: string, schema: ZodSchema): string[] {
  return schemaKeys(schema).map(({ path }) => environmentName(prefix, path))
}

function snakeCase(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replace(/-/g, '_')
    .toUpperCase()
}
