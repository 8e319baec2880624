/**
 * Configuration from layered sources, validated at once, with the origin of every value and secrets that never print.
 *
 * @packageDocumentation
 */
export { defineConfig } from './define-config.ts'
export {
  describeConfig,
  type ConfigDescription,
  type ConfigKey,
  type DescribeConfigOptions,
} from './describe-config.ts'
export { durationSetting } from './duration-schema.ts'
export { env, type EnvSourceOptions } from './env-source.ts'
export { configErrors } from './errors.ts'
export { file, type FileSourceOptions } from './file-source.ts'
export { loadConfig, type ConfigOptions, type ConfigOrigin, type LoadedConfig } from './load-config.ts'
export { defaults, overrides } from './object-source.ts'
export { secret } from './secret-schema.ts'
export { Secret } from './secret.ts'
export type { ConfigEntry, ConfigLayer, ConfigProblem, ConfigSource } from './source.ts'
export type { SchemaIssue, SchemaOutput, SchemaResult, StandardSchema } from './standard-schema.ts'
export type { ZodSchema } from './zod-schema.ts'
