import { loadConfig, type ConfigOptions } from './load-config.ts'
import type { SchemaOutput, StandardSchema } from './standard-schema.ts'

/**
 * Reads configuration from layered sources, later ones winning, and validates it: a typed, deeply frozen value, or one
 * error that lists every problem with its source. Reads synchronously, since nothing can start without it.
 *
 * @throws `CORE_CONFIG_INVALID`, whose details hold `problems: ConfigProblem[]`.
 * @example
 * ```ts
 * import { defaults, defineConfig, env } from '@exprsn/core/config'
 * import { z } from 'zod'
 *
 * const config = defineConfig({
 *   schema: z.object({ port: z.number().int(), tags: z.array(z.string()) }),
 *   sources: [defaults({ port: 8080 }), env({ prefix: 'APP_', environment: { APP_TAGS: 'a, b' } })],
 * })
 * console.log(config.port, config.tags.length) // 8080 2
 * ```
 */
export function defineConfig<Schema extends StandardSchema>(options: ConfigOptions<Schema>): SchemaOutput<Schema> {
  return loadConfig(options).value
}
